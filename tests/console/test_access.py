"""Who comes in by the one door to a conversation (A9, A2, A4)."""

from datetime import timedelta

import httpx
import pytest

from hotline.conversations import Owner
from tests.console.conftest import Stage

WINDOW = "/conversations/c1/window"


async def test_the_second_advocate_reads_too_and_a_third_learns_nothing(stage: Stage) -> None:
    """A2."""
    await stage.hold("c1", by="luz", partner="robin")
    async with stage.log_in("robin") as robin:
        assert "<sealed-text" in (await robin.get(WINDOW)).text
        assert "/conversations/c1" in (await robin.get("/waiting")).text
    await stage.hold("c1", by="luz")
    async with stage.log_in("robin") as robin:
        assert (await robin.get(WINDOW)).status_code == 404


async def test_an_offer_opens_no_door_before_it_is_accepted(stage: Stage, robin: httpx.AsyncClient) -> None:
    await stage.hold("c1", by="luz", transfer_to="robin")
    assert (await robin.get(WINDOW)).status_code == 404


@pytest.mark.parametrize("owner", [Owner.LEFT, Owner.CLOSED])
async def test_what_ended_is_open_to_its_holder_alone(owner: Owner, stage: Stage, robin: httpx.AsyncClient) -> None:
    """A4."""
    until = stage.clock.now() + timedelta(hours=1)
    await stage.hold("c1", owner=owner, by="", held_by="robin", held_until=until)
    assert "<sealed-text" in (await robin.get(WINDOW)).text
    async with stage.log_in("luz") as luz:
        assert (await luz.get(WINDOW)).status_code == 404


async def test_a_held_conversation_that_waits_again_is_to_be_claimed_first(
    stage: Stage, robin: httpx.AsyncClient
) -> None:
    """H1, A4."""
    await stage.hold("c1", owner=Owner.WAITING, by="", held_by="robin", held_until=stage.clock.now())
    assert (await robin.get(WINDOW)).status_code == 404


async def test_what_one_declined_stands_last_before_oneself_and_first_before_others(stage: Stage) -> None:
    """A5."""
    await stage.wait_for_advocate("c1", declined=("robin",), waiting_since=stage.clock.now() - timedelta(minutes=9))
    await stage.wait_for_advocate("c2")
    for name, first, second in (("robin", "c2", "c1"), ("luz", "c1", "c2")):
        async with stage.log_in(name) as client:
            page = (await client.get("/waiting")).text
            assert page.index(f"claim-{first}") < page.index(f"claim-{second}"), name
