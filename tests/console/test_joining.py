"""Invitations and what the key's routes refuse (A6, P2)."""

import json
from typing import Any

import httpx
import pytest

from console.ports import Passkey
from storage.accounts import INVITATION_SECONDS
from storage.reader_keys import MOST_LOCKS
from tests.console.conftest import Stage, find_token, try_login
from tests.console.fakes import COST, build_proof

SALT = "7b" * 16
WRAPPED = "ab" * 60
PUBLIC = "cd" * 32
LOCK = json.dumps({"kind": "password", "salt": SALT, "wrapped": WRAPPED})
PRINTED = json.dumps({"kind": "recovery", "salt": SALT, "wrapped": WRAPPED})
OTHER = "another long password"


async def test_an_invitation_is_good_once_for_its_roles_and_language(stage: Stage) -> None:
    token = await stage.accounts.create_invitation("wren", ("supervisor",), "es", "admin")
    async with stage.visit() as client:
        opened = await _post(client, "/join/open", invitation=token)
        assert opened.json() == {"name": "wren", "roles": ["supervisor"], "cost": COST}
        joined = await _join(client, token)
        assert joined.status_code == 200
        assert '<html lang="es"' in (await client.get("/waiting")).text
    async with stage.visit() as client:
        assert (await _join(client, token)).status_code == 410
        assert (await try_login(client, "wren", OTHER)).status_code == 200
    assert token not in repr(stage.accounts.store._rows)


@pytest.mark.parametrize(
    "case", ["guessed", "empty", "expired", "replaced", "suspended", "used by a reset", "no proof"]
)
@pytest.mark.parametrize("way", ["/join/open", "/join", "/join/passkey/options", "/join/passkey"])
async def test_an_invitation_that_is_not_good_gets_one_answer_whatever_is_wrong(case: str, way: str) -> None:
    stage = Stage(url="https://console.example.org")
    token = await stage.accounts.create_invitation("wren", ("advocate",), "en", "admin")
    if case == "guessed":
        token = token[:-1] + ("A" if token[-1] != "A" else "B")
    elif case == "empty":
        token = ""
    elif case == "expired":
        stage.clock.pass_seconds(INVITATION_SECONDS)
    elif case == "replaced":
        await stage.accounts.create_invitation("wren", ("admin",), "en", "admin")
    elif case == "suspended":
        await stage.accounts.suspend("wren")
    elif case == "used by a reset":
        await stage.accounts.reset("wren")
    proof = "short" if case == "no proof" else build_proof(OTHER, SALT)
    async with stage.visit() as client:
        answer = await _post(client, way, invitation=token, salt=SALT, proof=proof, credential="{}")
    if case == "no proof" and way in {"/join/open", "/join/passkey/options"}:
        assert answer.status_code == 200
    else:
        refused = (401, {"problem": "passkey_refused"}) if way == "/join/passkey" else (410, {"problem": "expired"})
        assert (answer.status_code, answer.json()) == refused
    assert stage.accounts.logins == {}
    assert (await stage.accounts.find("wren")).state != "active"


async def test_somebody_active_is_not_invited_over(stage: Stage) -> None:
    for name, message in (("robin", "reset"), ("No Name", "alias")):
        with pytest.raises(ValueError, match=message):
            await stage.accounts.create_invitation(name, ("admin",), "en", "admin")


async def test_a_first_key_stays_and_puts_an_advocate_alone_on_the_roster(stage: Stage) -> None:
    for name in ("robin", "supervisor"):
        async with stage.log_in(name) as client:
            assert (await _post(client, "/key", public=PUBLIC, lock=LOCK)).status_code == 200
            other = await _post(client, "/key", public="ee" * 32, lock=LOCK)
            assert (other.status_code, other.json()["public"]) == (409, PUBLIC)
            assert len(other.json()["locks"]) == 1
    assert stage.accounts.store.apply("HGETALL", "readers") == {b"robin": bytes.fromhex(PUBLIC)}


@pytest.mark.parametrize(
    "fields",
    [
        {"public": "cd" * 31}, {"public": "zz" * 32}, {"lock": ""}, {"lock": "[]"}, {"lock": "7"},
        {"lock": json.dumps({"kind": "password", "salt": SALT, "wrapped": "ab" * 59})},
        {"lock": json.dumps({"kind": "password", "salt": "é", "wrapped": WRAPPED})},
        {"lock": json.dumps({"kind": "password", "salt": 7, "wrapped": WRAPPED})},
        {"lock": PRINTED},
        {"passkey": "unknown", "lock": json.dumps({"kind": "passkey", "salt": "", "wrapped": WRAPPED})},
    ],
)  # fmt: skip
async def test_what_is_no_key_or_lock_is_refused_and_nothing_is_kept(stage: Stage, fields: dict[str, str]) -> None:
    async with stage.log_in() as client:
        answer = await _post(client, "/key", **{"public": PUBLIC, "lock": LOCK, **fields})
    assert answer.status_code == 400
    assert (await stage.accounts.find("robin")).public is None
    assert not await stage.accounts.list_locks("robin")


async def test_locks_are_added_to_a_key_that_is_there_and_are_not_without_number(stage: Stage) -> None:
    async with stage.log_in() as client:
        assert (await _post(client, "/key/locks", lock=PRINTED)).status_code == 409
        await _post(client, "/key", public=PUBLIC, lock=LOCK)
        assert (await _post(client, "/key/locks", lock=LOCK)).status_code == 400
        for _ in range(3):
            assert (await _post(client, "/key/locks", lock=PRINTED)).status_code == 204
        assert sorted(lock.kind for lock in await stage.accounts.list_locks("robin")) == ["password", "recovery"]
        answers = []
        for number in range(MOST_LOCKS):
            passkey = await _add_passkey(stage, f"pk{number}")
            lock = json.dumps({"kind": "passkey", "salt": "", "wrapped": WRAPPED})
            answers.append((await _post(client, "/key/locks", lock=lock, passkey=passkey)).status_code)
    assert answers == [204] * (MOST_LOCKS - 2) + [409] * 2


@pytest.mark.parametrize("passkey", ["unknown", "of luz"])
async def test_a_lock_is_for_a_passkey_of_ones_own(stage: Stage, passkey: str) -> None:
    await stage.accounts.add_passkey(Passkey("of luz", "luz", b"key", 0, "Chrome", "2026-11-21"))
    lock = json.dumps({"kind": "passkey", "salt": "", "wrapped": WRAPPED})
    async with stage.log_in() as client:
        assert (await _post(client, "/key", public=PUBLIC, lock=lock, passkey=passkey)).status_code == 400
        await _post(client, "/key", public=PUBLIC, lock=LOCK)
        assert (await _post(client, "/key/locks", lock=lock, passkey=passkey)).status_code == 400
    assert len(await stage.accounts.list_locks("robin")) == 1


async def test_a_key_is_shown_to_its_owner_alone(stage: Stage) -> None:
    async with stage.log_in() as client:
        await _post(client, "/key", public=PUBLIC, lock=LOCK)
        assert (await client.get("/key")).json()["public"] == PUBLIC
    async with stage.log_in("luz") as client:
        shown = (await client.get("/key")).json()
        assert (shown["name"], shown["public"], shown["locks"]) == ("luz", "", [])


@pytest.mark.parametrize(
    ("until", "reads"),
    [({}, False), ({"a": "2026-11-21", "b": "2027-01-01"}, True), ({"a": "2026-11-20", "b": "2027-01-01"}, False)],
)
async def test_who_is_not_trained_is_not_on_the_roster_a7(until: dict[str, str], reads: bool) -> None:
    stage = Stage()
    stage.accounts._required = ("a", "b")
    async with stage.log_in() as client:
        await _post(client, "/key", public=PUBLIC, lock=LOCK)
    await stage.accounts.set_training("robin", until)
    assert bool(stage.accounts.store.apply("HGETALL", "readers")) is reads
    await stage.accounts.suspend("robin")
    assert not stage.accounts.store.apply("HGETALL", "readers")
    await stage.accounts.restore("robin")
    assert bool(stage.accounts.store.apply("HGETALL", "readers")) is reads
    await stage.accounts.set_roles("robin", ["supervisor"])
    assert not stage.accounts.store.apply("HGETALL", "readers")


async def _add_passkey(stage: Stage, passkey_id: str) -> str:
    await stage.accounts.add_passkey(Passkey(passkey_id, "robin", b"key", 0, "Chrome", "2026-11-21"))
    return passkey_id


async def _join(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await _post(client, "/join", invitation=token, salt=SALT, proof=build_proof(OTHER, SALT))


async def _post(client: httpx.AsyncClient, path: str, **fields: Any) -> httpx.Response:
    page = await client.get("/account")
    if page.status_code == 303:
        page = await client.get("/join")
    return await client.post(path, data={"csrf": find_token(page.text), **fields})
