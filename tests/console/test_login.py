"""Getting in and out: A6."""

import asyncio
import time

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.staff import hash_password
from console.passwords import PasswordChecker
from console.ports import IDLE_SECONDS
from console.throttle import FREE_TRIES, LONGEST_WAIT_SECONDS, Throttle, decide_wait_seconds
from tests.console.conftest import Stage, find_token, post, try_login
from tests.console.fakes import COST, PASSWORD, SALT


async def test_a_right_password_starts_a_login_that_no_script_or_other_site_can_use(stage: Stage) -> None:
    async with stage.visit() as client:
        answer = await try_login(client, "robin", PASSWORD)
        cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("porchlight="))
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Secure" not in cookie
        assert (await client.get("/waiting")).status_code == 200


async def test_over_https_the_cookie_is_bound_to_the_host() -> None:
    stage = Stage(url="https://console.example.org")
    async with stage.visit() as client:
        answer = await try_login(client, "robin", PASSWORD)
        cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("__Host-porchlight="))
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert "max-age" in answer.headers["strict-transport-security"]


@pytest.mark.parametrize(
    ("name", "password"), [("robin", "wrong"), ("nobody", PASSWORD), ("", ""), ("robin", PASSWORD + "x" * 2000)]
)
async def test_a_wrong_pair_gets_the_same_answer_whatever_is_wrong(stage: Stage, name: str, password: str) -> None:
    async with stage.visit() as client:
        answer = await try_login(client, name, password)
        other = await try_login(client, "robin", "also wrong")
        assert answer.status_code == 401
        assert answer.content == other.content
        assert stage.accounts.logins == {}


async def test_an_unknown_name_takes_as_long_as_a_known_one() -> None:
    checker = PasswordChecker()
    known = await _seconds(checker, hash_password(PASSWORD, SALT, COST))
    unknown = await _seconds(checker, None)
    assert 0.25 < unknown / known < 4


async def test_checking_a_password_does_not_hold_up_the_event_loop() -> None:
    checker = PasswordChecker()
    check = asyncio.create_task(checker.verify_proof(None, "0" * 64))
    turns = 0
    while not check.done():
        await asyncio.sleep(0.005)
        turns += 1
    assert turns >= 3


async def test_the_sixth_try_waits_and_the_wait_doubles(stage: Stage) -> None:
    async with stage.visit() as client:
        for _ in range(FREE_TRIES):
            assert (await try_login(client, "robin", "wrong")).status_code == 401
        refused = await try_login(client, "robin", PASSWORD)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 31
        assert stage.accounts.logins == {}
        stage.clock.pass_seconds(31)
        assert (await try_login(client, "robin", "wrong")).status_code == 401
        stage.clock.pass_seconds(31)
        assert (await try_login(client, "robin", PASSWORD)).status_code == 429
        stage.clock.pass_seconds(31)
        assert (await try_login(client, "robin", PASSWORD)).status_code == 200
        assert list(stage.accounts.failures.values()) == [b"9"], (
            "of the source, for an hour; of the name nothing is left"
        )


async def test_another_name_is_not_held_up_by_it(stage: Stage) -> None:
    async with stage.visit() as client:
        for _ in range(FREE_TRIES + 1):
            await try_login(client, "robin", "wrong")
        assert (await try_login(client, "luz", PASSWORD)).status_code == 200


async def test_many_tries_at_once_gain_nothing(stage: Stage) -> None:
    throttle = Throttle(stage.accounts, stage.clock)
    await throttle.claim_try("robin", "127.0.0.1")
    waits = await asyncio.gather(*(throttle.claim_try("robin", "127.0.0.1") for _ in range(50)))
    assert sum(wait == 0 for wait in waits) == FREE_TRIES - 1


async def test_a_restart_does_not_forget_the_tries(stage: Stage) -> None:
    for _ in range(9):
        await stage.accounts.count_failure("robin", "127.0.0.1")
    assert await Throttle(stage.accounts, stage.clock).claim_try("robin", "127.0.0.1") > 0


@given(st.integers(min_value=0, max_value=10_000))
def test_the_wait_never_shrinks_and_has_an_end(tries: int) -> None:
    assert 0 <= decide_wait_seconds(tries) <= decide_wait_seconds(tries + 1) <= LONGEST_WAIT_SECONDS


async def test_a_login_that_nobody_uses_ends_after_thirty_minutes(stage: Stage, robin: httpx.AsyncClient) -> None:
    stage.clock.pass_seconds(IDLE_SECONDS - 60)
    assert (await robin.get("/waiting")).status_code == 200
    stage.clock.pass_seconds(IDLE_SECONDS - 60)
    assert (await robin.get("/waiting")).status_code == 200
    stage.clock.pass_seconds(IDLE_SECONDS)
    assert (await robin.get("/waiting")).headers["location"] == "/login"


@pytest.mark.parametrize("path", ["/waiting/list", "/waiting/count", "/conversations/c1/messages"])
async def test_what_an_open_page_asks_by_itself_does_not_prolong_a_login(
    stage: Stage, robin: httpx.AsyncClient, path: str
) -> None:
    await stage.hold("c1")
    for _ in range(4):
        stage.clock.pass_seconds(IDLE_SECONDS / 4)
        await robin.get(path, headers={"HX-Request": "true"})
    assert (await robin.get(path, headers={"HX-Request": "true"})).status_code == 401


async def test_renewing_the_lease_does_not_prolong_a_login(stage: Stage, robin: httpx.AsyncClient) -> None:
    await stage.hold("c1")
    token = find_token((await robin.get("/waiting")).text)
    for _ in range(4):
        await robin.post("/conversations/c1/renew", data={"csrf": token})
        stage.clock.pass_seconds(IDLE_SECONDS / 4)
    assert (await robin.post("/conversations/c1/renew", data={"csrf": token})).status_code == 401


async def test_somebody_who_says_so_stays(stage: Stage, robin: httpx.AsyncClient) -> None:
    token = find_token((await robin.get("/waiting")).text)
    for _ in range(4):
        stage.clock.pass_seconds(IDLE_SECONDS / 2)
        assert (await robin.post("/stay", data={"csrf": token})).status_code == 204


@pytest.mark.parametrize("path", ["/lock", "/logout"])
async def test_leaving_ends_the_login_on_the_server_at_once(stage: Stage, robin: httpx.AsyncClient, path: str) -> None:
    kept = dict(robin.cookies)
    assert (await post(robin, path)).headers["location"] == "/login"
    async with stage.visit() as thief:
        thief.cookies.update(kept)
        assert (await thief.get("/waiting")).headers["location"] == "/login"


async def test_logging_out_ends_the_shift_and_locking_does_not(stage: Stage) -> None:
    stage.desk.present["robin"] = 45
    async with stage.log_in() as client:
        await post(client, "/lock")
        assert stage.desk.present["robin"] == 45
    async with stage.log_in() as client:
        await post(client, "/logout")
        assert stage.desk.present["robin"] == 0


async def _seconds(checker: PasswordChecker, password_hash: str | None) -> float:
    shortest = float("inf")
    for _ in range(4):
        started = time.perf_counter()
        assert not await checker.verify_proof(password_hash, "0" * 64)
        shortest = min(shortest, time.perf_counter() - started)
    return shortest
