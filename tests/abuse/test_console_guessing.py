"""Guessing at the console's door: slowed for the name and for the source, and nobody is locked out for good (A6)."""

from datetime import timedelta

import httpx

from console.throttle import (
    CHALLENGES_A_MINUTE,
    FREE_TRIES,
    FREE_TRIES_OF_SOURCE,
    LONGEST_WAIT_OF_SOURCE_SECONDS,
    Throttle,
    name_source,
)
from tests.console.conftest import Stage, find_token, try_login
from tests.console.fakes import PASSWORD, FakeAccounts, FakeClock


def _throttle() -> tuple[Throttle, FakeClock]:
    clock = FakeClock()
    return Throttle(FakeAccounts(clock), clock), clock


async def test_one_password_tried_on_many_names_from_one_source_is_slowed() -> None:
    throttle, _ = _throttle()
    waits = [await throttle.claim_login(f"name{number}", "203.0.113.7") for number in range(FREE_TRIES_OF_SOURCE + 5)]
    assert waits[:FREE_TRIES_OF_SOURCE] == [0] * FREE_TRIES_OF_SOURCE
    assert all(0 < wait <= LONGEST_WAIT_OF_SOURCE_SECONDS for wait in waits[FREE_TRIES_OF_SOURCE:])


async def test_a_household_of_ipv6_is_one_source() -> None:
    throttle, _ = _throttle()
    for number in range(FREE_TRIES_OF_SOURCE):
        await throttle.claim_login(f"name{number}", f"2001:db8::{number:x}")
    assert await throttle.claim_login("another", "2001:db8::ffff") > 0
    assert await throttle.claim_login("another", "2001:db8:0:1::1") == 0
    assert name_source("not an address") == "not an address"


async def test_a_thousand_wrong_tries_from_elsewhere_do_not_keep_an_advocate_out() -> None:
    throttle, _ = _throttle()
    for number in range(1000):
        await throttle.claim_login("robin", f"198.51.{number // 250}.{number % 250}")
    assert await throttle.claim_login("robin", "203.0.113.7") == 0


async def test_who_shares_a_source_with_an_attacker_waits_a_minute_at_most() -> None:
    throttle, clock = _throttle()
    for number in range(500):
        await throttle.claim_login(f"name{number}", "203.0.113.7")
    clock.at += timedelta(seconds=LONGEST_WAIT_OF_SOURCE_SECONDS + 1)
    assert await throttle.claim_login("robin", "203.0.113.7") == 0


async def test_the_login_page_refuses_a_source_that_tries_name_after_name(stage: Stage) -> None:
    async with stage.visit() as client:
        token = find_token((await client.get("/login")).text)
        statuses = [
            (await client.post("/login", data={"name": f"n{number}", "proof": "0" * 64, "csrf": token})).status_code
            for number in range(FREE_TRIES_OF_SOURCE + 1)
        ]
    assert statuses == [401] * FREE_TRIES_OF_SOURCE + [429]
    stage.clock.pass_seconds(LONGEST_WAIT_OF_SOURCE_SECONDS + 1)
    async with stage.visit() as client:
        assert (await try_login(client, "robin", PASSWORD)).status_code == 200


async def test_challenges_for_passkeys_are_bounded_for_each_source_and_free_again_in_a_minute() -> None:
    throttle, clock = _throttle()
    assert [throttle.claim_challenge("203.0.113.7") for _ in range(CHALLENGES_A_MINUTE)] == [True] * CHALLENGES_A_MINUTE
    assert not throttle.claim_challenge("203.0.113.7") and throttle.claim_challenge("203.0.113.8")
    clock.at += timedelta(minutes=1)
    assert throttle.claim_challenge("203.0.113.7")


async def test_the_passkey_door_asks_the_throttle_and_answers_429() -> None:
    stage = Stage(url="http://localhost:8081")
    async with stage.visit() as client:
        token = find_token((await client.get("/login")).text)
        statuses = [await _ask(client, token) for _ in range(CHALLENGES_A_MINUTE + 1)]
    assert statuses == [200] * CHALLENGES_A_MINUTE + [429]


async def _ask(client: httpx.AsyncClient, token: str) -> int:
    return (await client.post("/login/passkey/options", data={"csrf": token})).status_code


async def test_guesses_for_a_name_are_counted_for_it_alone() -> None:
    throttle, _ = _throttle()
    for _ in range(FREE_TRIES + 1):
        await throttle.claim_login("robin", "203.0.113.7")
    assert await throttle.claim_login("robin", "203.0.113.7") > 0
    assert await throttle.claim_login("luz", "203.0.113.7") == 0
