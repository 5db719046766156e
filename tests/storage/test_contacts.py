"""Ways to page people: sealed at rest, proved before they count, bounded, gone when removed (A6, P4)."""

from datetime import UTC, datetime

import pytest

from hotline.messages import Address
from storage.connection import Store
from storage.contacts import BROWSER, CHAT, MOST_CODES, MOST_GUESSES, MOST_WAYS, PHONE, StoreContacts, TooMany, Way
from storage.page_links import PageLinks, find_link_code
from tests.console.fakes import STAFF_KEYS
from tests.console.memory_store import MemoryStore
from vault.keyring import Keyring, ServerKey

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
NUMBER = Address("+17025550142")


@pytest.fixture(params=["memory", "store"])
def kept(request: pytest.FixtureRequest, store: Store) -> Store:
    return MemoryStore() if request.param == "memory" else store  # type: ignore[return-value]


@pytest.fixture
def contacts(kept: Store) -> StoreContacts:
    return StoreContacts(kept, STAFF_KEYS)


async def add_phone(contacts: StoreContacts, number: Address = NUMBER) -> Way:
    return await contacts.add("robin", PHONE, number, NOW, proved=False)


async def test_an_address_is_sealed_at_rest_and_bound_to_its_owner_kind_and_id_p4(
    contacts: StoreContacts, kept: Store
) -> None:
    way = await add_phone(contacts)
    row = await kept.call("HGETALL", "contacts:robin")
    assert b"702555" not in b"".join(row.values())
    for name, identifier in (("luz", way.id), ("robin", "another")):
        await kept.call("HSET", f"contacts:{name}", identifier, row[way.id.encode()])
        moved = next(one for one in await contacts.list_ways(name) if one.id == identifier)
        assert moved.address is None
    (other_key,) = await StoreContacts(kept, Keyring([ServerKey(b"else", b"e" * 32)])).list_ways("luz")
    assert other_key.address is None and other_key.ending == ""
    assert "702555" not in repr(way)


async def test_a_way_shows_two_digits_and_a_browser_nothing(contacts: StoreContacts) -> None:
    assert (await add_phone(contacts)).ending == "42"
    assert (await contacts.add("robin", BROWSER, Address("https://push.example/x"), NOW, proved=True)).ending == ""


async def test_a_phone_counts_only_with_its_code_which_is_sealed(contacts: StoreContacts, kept: Store) -> None:
    way = await add_phone(contacts)
    await contacts.create_proof(way)
    code = await contacts.read_proof("robin", way.id)
    assert code is not None and len(code) == 6 and code.isdecimal()
    assert code.encode() not in await kept.call("GET", f"contact-proof:robin:{way.id}")
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert not await contacts.prove("robin", way.id, wrong)
    assert not await contacts.prove("luz", way.id, code)
    assert [one.proved for one in await contacts.list_ways("robin")] == [False]
    assert await contacts.prove("robin", way.id, code)
    assert [(one.proved, one.address) for one in await contacts.list_ways("robin")] == [(True, NUMBER)]
    assert not await contacts.prove("robin", way.id, code)


async def test_a_code_cannot_be_guessed_nor_asked_for_without_end(contacts: StoreContacts) -> None:
    way = await add_phone(contacts)
    await contacts.create_proof(way)
    code = await contacts.read_proof("robin", way.id)
    assert code
    for _ in range(MOST_GUESSES):
        assert not await contacts.prove("robin", way.id, "x")
    with pytest.raises(TooMany):
        await contacts.prove("robin", way.id, code)
    assert await contacts.read_proof("robin", way.id) is None
    for _ in range(MOST_CODES - 1):
        await contacts.create_proof(way)
    with pytest.raises(TooMany):
        await contacts.create_proof(way)


async def test_nobody_has_ways_without_end_and_the_same_address_is_one_way(contacts: StoreContacts) -> None:
    way = await add_phone(contacts)
    assert (await add_phone(contacts)).id == way.id
    for number in range(MOST_WAYS - 1):
        await contacts.add("robin", CHAT, Address(str(1000 + number)), NOW, proved=True)
    with pytest.raises(TooMany):
        await contacts.add("robin", CHAT, Address("9999"), NOW, proved=True)


async def test_a_removed_way_leaves_nothing(contacts: StoreContacts, kept: Store) -> None:
    way = await add_phone(contacts)
    await contacts.create_proof(way)
    await contacts.note_trouble(way, "21211")
    assert await contacts.list_people() == ("robin",)
    assert (await contacts.list_ways("robin"))[0].trouble == "21211"
    assert not await contacts.remove("luz", way.id)
    assert await contacts.remove("robin", way.id)
    assert await contacts.list_people() == ()
    for key in ("contacts:robin", "contact-trouble:robin", f"contact-proof:robin:{way.id}", "pageable"):
        assert not await kept.call("EXISTS", key), key


async def test_everything_of_an_account_that_goes_is_forgotten(contacts: StoreContacts) -> None:
    await add_phone(contacts)
    await contacts.add("robin", CHAT, Address("55"), NOW, proved=True)
    await contacts.forget("robin")
    assert await contacts.list_ways("robin") == [] and await contacts.list_people() == ()


async def test_a_chats_code_is_known_by_its_hash_alone(kept: Store) -> None:
    links = PageLinks(kept)
    code = await links.create("robin")
    assert await links.find(code) == "robin"
    assert await links.find("x" * 22) is None
    assert find_link_code(f"/start page-{code}") == code
    assert find_link_code(f"/start@bot page-{code}") == code
    for text in (f"page-{code}", "/start", f"/start page-{code} x", "/start page-short", f"hi /start page-{code}"):
        assert find_link_code(text) is None
