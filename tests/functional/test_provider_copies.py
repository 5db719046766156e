"""What the providers still hold after a conversation, with every program running (P5, C12, K6, X5)."""

import asyncio
import time

import pytest

from tests.functional.stories import STORY, NewTexter

pytestmark = STORY


async def test_after_a_conversation_twilio_holds_nothing_of_it_p5(
    new_texter: NewTexter,
) -> None:
    texter = new_texter()
    await texter.texts("hi")
    await texter.posts("look at this", kind="photo")
    await texter.texts("i want to kill myself")
    replied_at = time.monotonic()
    await texter.waits_until_gone()
    assert time.monotonic() - replied_at < 10, "the bound is minutes; here it is seconds"
    assert await texter.texts("NUMBER"), "what is open goes on"
    await texter.skips(1900)
    await texter.waits_until_gone()


async def test_a_picture_leaves_twilio_without_ever_being_looked_at_c12(new_texter: NewTexter) -> None:
    texter = new_texter()
    await texter.posts("", kind="photo")
    await texter.settles()
    await texter.waits_until_gone()


@pytest.mark.parametrize("fault", ["429", "503", "drop"])
async def test_a_provider_that_fails_is_asked_again_and_nothing_else_waits_for_it_p5(
    new_texter: NewTexter, fault: str
) -> None:
    texter = new_texter()
    await texter.meets_fault(fault, 1, on="erase", seconds=1)
    assert await texter.texts("hi")
    assert await texter.texts("NUMBER")
    await texter.waits_until_gone(40)


async def test_who_stopped_is_erased_at_twilio_as_everybody_is_k2(new_texter: NewTexter) -> None:
    """21610 refuses what we send, not what we erase."""
    texter = new_texter()
    await texter.texts("hi")
    await texter.texts("STOP")
    await texter.waits_until_gone()


async def test_what_was_deleted_by_hand_already_holds_nothing_up_p5(new_texter: NewTexter) -> None:
    texter = new_texter("telegram")
    await texter.texts("hi")
    await texter.deletes_at_provider()
    await texter.texts("NUMBER")
    await texter.texts("CLEAR")
    await texter.waits_until_gone(left=1)


async def test_clear_empties_both_sides_of_a_telegram_chat_and_a_minute_later_itself_k6(new_texter: NewTexter) -> None:
    texter = new_texter("telegram")
    await texter.texts("hi")
    await texter.texts("where can i get food")
    assert {copy["side"] for copy in await texter.copies()} == {"texter", "hotline"}
    assert "47 hours" in " ".join(await texter.texts("CLEAR"))
    await texter.waits_until_gone(left=1)
    (left,) = await texter.copies()
    assert "a minute" in left["text"], "one line, which says that it goes too"


async def test_clear_also_takes_an_earlier_session_and_bye_takes_none_k5_k6(new_texter: NewTexter) -> None:
    texter = new_texter("telegram")
    await texter.texts("hi")
    held = len(await texter.copies())
    await texter.texts("BYE")
    await asyncio.sleep(2.5)
    assert len(await texter.copies()) > held, "BYE takes nothing away: a chat that empties itself is seen"
    await texter.texts("CLEAR")
    await texter.waits_until_gone(left=1)


async def test_clear_in_a_crisis_empties_the_chat_and_the_page_stays_k6(new_texter: NewTexter) -> None:
    texter = new_texter("telegram")
    await texter.texts("i want to kill myself")
    await texter.texts("CLEAR")
    await texter.waits_until_gone(left=1)
    assert await texter.state() == {"owner": "waiting", "level": "imminent"}


async def test_after_two_days_telegram_keeps_the_chat_and_the_rest_goes_on_p5(new_texter: NewTexter) -> None:
    texter = new_texter("telegram")
    await texter.texts("hi")
    await texter.skips(49 * 3600)
    held = len(await texter.copies())
    await texter.texts("CLEAR")
    await asyncio.sleep(2.5)
    assert len(await texter.copies()) >= held
    assert await texter.texts("NUMBER")
