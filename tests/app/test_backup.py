"""A backup holds no content and no address, opens with a key that is elsewhere, and brings back nothing erased (P9)."""

import io
import json
import stat
from datetime import UTC, datetime

import pytest
from redis.exceptions import NoPermissionError

from app.audit_command import note_command, verify_audit
from app.backup_command import restore_file, write_backup_file
from app.stack import Stack
from app.staff import confirm
from hotline.messages import Address
from storage.accounts import Account, Lock, Passkey, StoreAccounts
from storage.backup_rows import NotEmpty, parse_row, read_rows
from storage.connection import Store
from storage.contacts import PHONE, StoreContacts
from storage.data_map import DATA_MAP
from storage.stored import OF_TEXTERS
from tests.app.operations import operator_settings, put_conversations
from vault.backup import BackupKey, BackupWriter, read_backup
from vault.errors import BackupBroken
from vault.key_files import load_keyring

KEY = BackupKey.create()
NOW = datetime(2026, 11, 21, tzinfo=UTC)
STOPPED = "opted-out:" + "5" * 32


class Place:
    """An installation: stores, operator, and some staff."""

    def __init__(self, stack):
        self.stack = stack
        self.settings = operator_settings(stack, PORCHLIGHT_BACKUP_PUBLIC_KEY=KEY.spell_public())
        self.store, self.keys = Store(stack.store_url()), Store(stack.keys_url("console"))
        self.staff_keys = load_keyring(self.settings.staff_key_file)
        self.accounts = StoreAccounts(self.store, self.keys, self.staff_keys)

    async def fill(self):
        for name in ("rowan", "wren"):
            await self.accounts.put(Account(name, name, "hash", ("advocate",)))
            await self.accounts.put_reader_key(name, bytes([len(name)]) * 32, [Lock("1", "password", "", "")])
            await self.accounts.add_passkey(Passkey(f"pk-{name}", name, b"public", 0, "", ""))
        await self.accounts.set_totp("rowan", "JBSWY3DP")
        contacts = StoreContacts(self.store, self.staff_keys)
        await contacts.add("rowan", PHONE, Address("+17025550142"), NOW, proved=True)
        await self.accounts.create_login("rowan")
        await self.store.call("HSET", "referrals:2026-11-20", "shelter|agreed", 3)
        await self.store.call("EXPIRE", "referrals:2026-11-20", 1000)
        await self.store.call("SET", STOPPED, "0000000a")
        await note_command(self.settings, "person_added", "rowan")

    async def empty(self):
        await self.store.call("DEL", *await self.store.scan("*"))

    async def restore(self, path, **more):
        return await restore_file(self.settings, path, KEY.spell(), **{"over": False, "unproved": False} | more)


@pytest.fixture
async def place(tmp_path):
    async with Stack(tmp_path / "here", programs=(), free_ports=True) as stack:
        place = Place(stack)
        await place.fill()
        yield place
        await place.store.aclose()
        await place.keys.aclose()


def opened(path):
    with path.open("rb") as file:
        return b"".join(read_backup(file, KEY))


async def test_a_backup_holds_no_row_about_texters_but_opt_outs_and_is_sealed(place, tmp_path):
    memory = Store(place.stack.keys_url())
    ids = await put_conversations(place.store, memory, place.stack, 20)
    await memory.aclose()
    line = await write_backup_file(place.settings, tmp_path / "b")
    assert "rows" in line and stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600
    plain = opened(tmp_path / "b")
    held = {json.loads(one)[0] for one in plain.splitlines()[:-1]}
    about_texters = [row for row in DATA_MAP if row.data_class in OF_TEXTERS and row.backup]
    assert [row.pattern for row in about_texters] == ["opted-out:*"]
    assert not [key for key in held for row in DATA_MAP if row.matches(key) and not row.backup]
    assert STOPPED in held and "account:rowan" in held and "audit" in held
    assert not [one for one in ids if one.encode() in plain]
    raw = (tmp_path / "b").read_bytes()
    assert b"rowan" not in raw and STOPPED.encode() not in raw
    assert not [key for key in held if key.startswith(("login", "invitation", "conversation", "window", "address"))]


async def test_restored_into_an_empty_store_everybody_is_suspended_until_confirmed(place, tmp_path):
    await write_backup_file(place.settings, tmp_path / "b")
    await place.empty()
    said = "\n".join(await place.restore(tmp_path / "b"))
    assert "rowan, wren" in said and "staff confirm" in said and "said STOP" in said
    rowan = await place.accounts.find("rowan")
    assert rowan.state == "suspended" and rowan.has_totp and rowan.passkeys == 1
    assert await place.store.call("HGETALL", "readers") == {}, "nobody reads yet"
    assert await place.accounts.find_totp("rowan") == "JBSWY3DP"
    (way,) = await StoreContacts(place.store, place.staff_keys).list_ways("rowan")
    assert way.address == "+17025550142"
    assert await place.store.call("GET", STOPPED) == b"0000000a"
    assert 0 < await place.store.call("TTL", "referrals:2026-11-20") <= 1000
    sound, line = await verify_audit(place.stack.env("staff"), "", None)
    assert sound, line
    await confirm(place.settings.redis_url.reveal(), "rowan", ())
    assert (await place.accounts.find("rowan")).state == "active"
    assert b"rowan" in await place.store.call("HGETALL", "readers")


async def test_a_store_that_is_not_empty_is_left_alone_unless_asked(place, tmp_path):
    await write_backup_file(place.settings, tmp_path / "b")
    before = [(row.key, row.values) async for row in read_rows(place.store)]
    with pytest.raises(NotEmpty):
        await place.restore(tmp_path / "b")
    assert before == [(row.key, row.values) async for row in read_rows(place.store)]


async def test_over_a_store_what_is_there_wins_and_no_stop_is_forgotten(place, tmp_path):
    """What was taken from an account since the backup does not come back with it."""
    await write_backup_file(place.settings, tmp_path / "b")
    await place.accounts.reset("rowan", keep_recovery=False)
    await StoreContacts(place.store, place.staff_keys).forget("rowan")
    await place.store.call("DEL", STOPPED)
    await place.store.call("SET", "opted-out:" + "6" * 32, "0000000b")
    await note_command(place.settings, "person_reset", "rowan")
    said = "\n".join(await place.restore(tmp_path / "b", over=True))
    rowan = await place.accounts.find("rowan")
    assert (rowan.state, rowan.password_hash, rowan.has_totp, rowan.passkeys) == ("invited", "", False, 0)
    assert await place.accounts.find_passkey("pk-rowan") is None
    assert not await place.accounts.list_locks("rowan")
    assert not await StoreContacts(place.store, place.staff_keys).list_ways("rowan")
    assert await place.store.call("MGET", STOPPED, "opted-out:" + "6" * 32) == [b"0000000a", b"0000000b"]
    assert (await place.accounts.find("wren")).state == "active"
    assert "the audit that is there is whole" in said
    assert (await verify_audit(place.stack.env("staff"), "", None))[0]


@pytest.mark.parametrize("at", [5, 60, 200, -40, -1])
async def test_a_changed_byte_anywhere_restores_nothing(at, place, tmp_path):
    await write_backup_file(place.settings, tmp_path / "b")
    raw = bytearray((tmp_path / "b").read_bytes())
    raw[at] ^= 1
    (tmp_path / "c").write_bytes(raw)
    await place.empty()
    with pytest.raises(BackupBroken):
        await place.restore(tmp_path / "c")
    assert not [row async for row in read_rows(place.store)]


async def test_a_backup_that_was_cut_off_or_is_for_another_key_restores_nothing(place, tmp_path):
    await write_backup_file(place.settings, tmp_path / "b")
    raw = (tmp_path / "b").read_bytes()
    await place.empty()
    for cut in (raw[:30], raw[:-1], raw[: -len(raw) // 3], raw + b"x"):
        (tmp_path / "c").write_bytes(cut)
        with pytest.raises(BackupBroken):
            await place.restore(tmp_path / "c")
    with pytest.raises(BackupBroken):
        await restore_file(place.settings, tmp_path / "b", BackupKey.create().spell(), over=False, unproved=False)
    assert not [row async for row in read_rows(place.store)]


def test_pieces_cannot_be_left_out_moved_or_ended_early():
    def build(pieces):
        file = io.BytesIO()
        writer = BackupWriter(file, KEY.spell_public(), b"{}")
        for piece in pieces[:-1]:
            writer.write(piece)
        writer.finish(pieces[-1])
        return file.getvalue()

    raw, sizes = build([b"aaaa", b"bbbb", b"cccc"]), 4 + 4 + 16
    assert list(read_backup(io.BytesIO(raw), KEY)) == [b"aaaa", b"bbbb", b"cccc"]
    end = len(raw)
    head, one, two, three = raw[: end - 3 * sizes], *(raw[end - n * sizes :][:sizes] for n in (3, 2, 1))
    for changed in (head + two + one + three, head + one + three, head + one + two, head + one + two + three + three):
        with pytest.raises(BackupBroken):
            list(read_backup(io.BytesIO(changed), KEY))


async def test_a_backup_that_somebody_else_made_is_refused_unless_it_is_known_otherwise(place, tmp_path):
    """Anybody with the public key can seal an administrator of theirs."""
    await write_backup_file(place.settings, tmp_path / "b")
    await place.empty()
    place.settings.staff_key_file.unlink()
    with pytest.raises(BackupBroken, match="staff key"):
        await place.restore(tmp_path / "b")
    assert await place.restore(tmp_path / "b", unproved=True)
    assert (await place.accounts.find("rowan")).state == "suspended"


def test_a_row_that_no_backup_holds_is_refused_in_a_backup():
    with pytest.raises(ValueError, match="no backup holds"):
        parse_row(b'["conversation:1","hash",null,[]]')


async def test_a_backup_needs_its_public_key_and_never_replaces_another(place, tmp_path):
    with pytest.raises(ValueError, match="backup-init"):
        await write_backup_file(operator_settings(place.stack), tmp_path / "b")
    (tmp_path / "b").write_text("older")
    with pytest.raises(ValueError, match="already"):
        await write_backup_file(place.settings, tmp_path / "b")
    assert (tmp_path / "b").read_text() == "older"


async def test_a_backup_leaves_alone_what_another_is_writing(place, tmp_path):
    (tmp_path / "b.part").write_bytes(b"half")
    with pytest.raises(ValueError, match="another backup is at work"):
        await write_backup_file(place.settings, tmp_path / "b")
    assert (tmp_path / "b.part").read_bytes() == b"half" and not (tmp_path / "b").exists()


async def test_the_operator_reads_nothing_of_texters_and_changes_no_audit(place):
    operator = Store(place.stack.store_url("operator"))
    keys = Store(place.stack.keys_url("operator"))
    for command in (
        ("HGETALL", "conversation:1"), ("LRANGE", "window:1", 0, -1), ("GET", "address:1"), ("GET", "seen:1"),
        ("XRANGE", "dead", "-", "+"),
        ("XRANGE", "outbox:1", "-", "+"), ("DEL", "audit"), ("LTRIM", "audit", 1, 1), ("LSET", "audit", 0, "x"),
        ("HGETALL", "login:1"), ("SET", "login:1", "x"), ("FLUSHALL",), ("CONFIG", "GET", "*"), ("KEYS", "*"),
        ("XADD", "inbox:1", "*", "a", "b"), ("SHUTDOWN",),
    ):  # fmt: skip
        with pytest.raises(NoPermissionError):
            await operator.call(*command)
    for command in (("HGETALL", "wraps:1"), ("GET", "half:1"), ("GET", "content-key:1"), ("SET", "content-key:1", "x")):
        with pytest.raises(NoPermissionError):
            await keys.call(*command)
    await operator.aclose()
    await keys.aclose()
