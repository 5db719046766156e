"""`porchlight staff reset` takes what the console's reset takes, with the rights that the command has (A6)."""

from datetime import UTC, datetime, timedelta

import pytest
from redis.exceptions import NoPermissionError

from app.audit_command import export_audit
from app.stack import Stack
from app.start import reset_staff
from hotline.messages import Address
from hotline.shifts import Shift
from storage.accounts import Account, StoreAccounts
from storage.connection import Store
from storage.contacts import PHONE, StoreContacts
from storage.shifts import StoreShifts
from vault.key_files import load_keyring

NOW = datetime.now(UTC)


async def test_a_reset_forgets_ways_to_be_paged_and_shifts_of_this_person_alone_and_is_audited_a6(tmp_path):
    async with Stack(tmp_path, programs=(), free_ports=True) as stack:
        store = Store(stack.store_url())
        contacts = StoreContacts(store, load_keyring(stack.settings.staff_key_file))
        for name in ("rowan", "wren"):
            await StoreAccounts(store).put(Account(name, name, "hash", ("advocate",)))
            way = await contacts.add(name, PHONE, Address("+17025550142"), NOW, proved=False)
            await contacts.create_proof(way)
            await contacts.note_trouble(way, "30003")
            await StoreShifts(store).add([Shift("", name, "on_call", NOW, NOW + timedelta(hours=8))], NOW)
        await reset_staff(stack.env("staff"), "rowan", keep_recovery=False)
        assert [name for name in await store.scan("contact*") if "rowan" in name] == []
        assert await contacts.list_people() == ("wren",)
        assert [shift.name for shift in await StoreShifts(store).list_all()] == ["wren"]
        assert [way.ending for way in await contacts.list_ways("wren")] == ["42"]
        assert any('"person_reset","rowan"' in line for line in await export_audit(stack.env("staff")))
        mine = Store(stack.store_url("staff"))
        for command in (("HGETALL", "contacts:wren"), ("HGET", "contacts:wren", way.id), ("SADD", "pageable", "eve")):
            with pytest.raises(NoPermissionError):
                await mine.call(*command)
        await mine.aclose()
        await store.aclose()
