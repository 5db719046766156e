"""Someone has taken the phone: what they try, and what they see, with every program running (R10, K5-K7, C9, C10)."""

import pytest
import yaml
from playwright.async_api import Browser, expect

from app.cover_file import SAMPLE
from app.stack import Stack
from hotline.gsm import fold_for_sms
from tests.functional.advocate import on_shift
from tests.functional.stories import CHANNELS, STORY, NewTexter

pytestmark = STORY

_COVER = yaml.safe_load(SAMPLE.read_text("utf-8"))
DULL = {form for lines in _COVER["lines"].values() for line in lines for form in (line, fold_for_sms(line))}

PRYING = (
    "who is this", "quien eres", "MENU", "AGAIN", "HELP", "INFO", "START", "/start", "PERSON", "NUMBER", "CLEAR",
    "sampled", "CODE letmein", "COVER blue sky", "what did she tell you", "did my daughter text you",
    "mi hija les escribio?", "i know who you are", "yes", "no", "/restart", "hes here",
)  # fmt: skip


@CHANNELS
async def test_whoever_takes_the_phone_under_cover_learns_nothing_and_the_texter_comes_back_k7(
    new_texter: NewTexter, channel: str
) -> None:
    texter = new_texter(channel)
    await texter.texts("hi")
    assert await texter.texts("COVER maple river") == ["OK."]
    assert set(await texter.texts("maple")) < DULL
    for text in PRYING:
        (line,) = await texter.texts(text)
        assert line in DULL, text
    for kind in ("photo", "edited") if channel == "telegram" else ("photo",):
        (line,) = await texter.texts("look", kind=kind)
        assert line in DULL, kind
    (line,) = await texter.texts("he is going to kill me")
    assert line in DULL
    assert await texter.state() == {"owner": "waiting", "level": "imminent"}
    await texter.skips(700)
    assert await texter.reads() == []
    crisis, *status = await texter.texts("river")
    assert "911" in crisis and len(status) == 1


@CHANNELS
async def test_after_bye_or_stop_under_cover_the_next_texts_are_dull_too_k5_k7(
    new_texter: NewTexter, channel: str
) -> None:
    texter = new_texter(channel)
    await texter.texts("where can i get food")
    await texter.texts("sample")
    for text in ("BYE", "hello", "who is this", "AGAIN"):
        (line,) = await texter.texts(text)
        assert line in DULL, text
    await texter.texts("STOP")
    assert await texter.texts("who is this") == []
    assert set(await texter.texts("START")) < DULL
    if channel == "telegram":
        await texter.posts("", kind="blocked")
        await texter.posts("", kind="unblocked")
        await texter.settles()
        assert await texter.reads() == []
    assert set(await texter.texts("hello")) < DULL
    await texter.skips(31 * 60)
    assert await texter.reads() == []


@pytest.mark.browser
@pytest.mark.usefixtures("nobody_else_waits")
async def test_a_late_reply_of_an_advocate_is_held_back_until_a_second_click_r10(
    stack: Stack, browser: Browser, new_texter: NewTexter
) -> None:
    texter = new_texter()
    await texter.texts("my stepdad hits me")
    await texter.texts("CODE walrus")
    await texter.texts("PERSON")
    async with on_shift(stack, browser) as advocate:
        await advocate.takes_the_most_urgent()
        await texter.waits_for("joined")
        await advocate.sees("[...]")
        await expect(advocate.page.locator("#messages")).not_to_contain_text("walrus")
        await expect(advocate.page.locator("#banners")).to_contain_text("Code word did not match")
        assert set(await texter.texts("sample")) < DULL
        await expect(advocate.page.locator("#banners")).to_contain_text("Under cover")
        assert set(await texter.texts("who are you")) < DULL
        await advocate.page.get_by_label("Your reply").fill("I am still here with you.")
        await advocate.sends()
        await expect(advocate.page.get_by_role("button", name="Send all the same")).to_be_visible()
        assert await texter.reads() == []
        await texter.texts(_COVER["return_word"])
        await advocate.page.get_by_role("button", name="Send all the same").click()
        await texter.waits_for("still here")
        await advocate.closes()


async def test_the_hotlines_words_go_under_cover_and_back_in_spanish_too_k7(new_texter: NewTexter) -> None:
    texter = new_texter()
    await texter.texts("hola necesito comida por favor")
    assert (await texter.texts("sample"))[0] in {fold_for_sms(line) for line in _COVER["lines"]["es"]}
    assert "PERSONA" in (await texter.texts(_COVER["return_word"]))[0]


@CHANNELS
async def test_a_number_that_wrote_before_is_answered_as_one_that_never_did_c9(
    new_texter: NewTexter, channel: str
) -> None:
    returning = new_texter(channel)
    for text in ("my uncle hits me", "NUMBER", "NEW CODE walrus", "STOP", "START", "BYE"):
        await returning.texts(text)
    await returning.texts("BYE")
    await returning.texts("CLEAR")
    stranger = new_texter(channel)
    for text in (
        "AGAIN", "CODE walrus", "CODE wrong", "START", "HELP", "MENU", "did my daughter text you",
        "mi hija les escribio?", "CLEAR", "hi", "BYE", "/start",
    ):  # fmt: skip
        assert await returning.texts(text) == await stranger.texts(text), text


@CHANNELS
async def test_asking_from_another_phone_is_answered_the_same_whether_they_wrote_or_not_c9(
    new_texter: NewTexter, channel: str
) -> None:
    await new_texter(channel).texts("my dad hits me, my name is mara")
    for question in ("did my daughter mara text you", "mi hija mara les escribio?"):
        one, other = new_texter(channel), new_texter(channel)
        asked = await one.texts(question)
        assert asked == await other.texts(question.replace("mara", "zoe")) and "mara" not in " ".join(asked).lower()


@CHANNELS
async def test_a_code_word_is_answered_alike_and_weighed_for_staff_alone_c9(
    new_texter: NewTexter, channel: str
) -> None:
    texter = new_texter(channel)
    assert await texter.texts("NEW CODE walrus") == ["OK."]
    await texter.texts("BYE")
    for word in ("walrus", "narwhal", "walrus"):
        assert await texter.texts(f"code {word}") == ["OK."]
    assert await texter.state() == {"owner": "with_bot", "level": "none"}


async def test_nothing_comes_unasked_in_a_day_whatever_was_said_c10(new_texter: NewTexter) -> None:
    texter = new_texter()
    for text in ("i feel so sad", "where can i get food", "thanks"):
        await texter.texts(text)
    await texter.skips(24 * 3600)
    assert await texter.reads() == []


@CHANNELS
async def test_x_leaves_at_once_where_it_was_taught_and_is_a_letter_elsewhere_k5(
    new_texter: NewTexter, channel: str
) -> None:
    texter = new_texter(channel)
    assert await texter.texts("x") != ["OK, bye for now."]
    await texter.texts("how do i keep my phone safe")
    await texter.texts("phone tips")
    for _ in range(12):
        if "text X or BYE" in " ".join(await texter.texts("one more")):
            break
    else:
        pytest.fail("the short way out was not taught")
    assert await texter.texts("x") == ["OK, bye for now."]
