"""Replies: what goes out, what is held back, and that nothing typed is lost or quoted (A8, R10)."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.personal_numbers import SPOKEN, find_personal_number
from console.ports import StoreError
from console.reply_checks import LONGEST_REPLY, count_length, find_problem
from hotline.gsm import count_parts, fold_for_sms
from hotline.messages import SMS, TELEGRAM
from tests.console.conftest import KNOWN, Stage, post

is_known = KNOWN.__contains__
REPLY = "/conversations/c1/reply"


async def test_a_reply_goes_to_the_worker_as_it_was_written(stage: Stage, robin: httpx.AsyncClient) -> None:
    await stage.hold("c1")
    answer = await post(robin, REPLY, htmx=True, text="I am here.\r\nTake your time. ¿Sí?")
    assert answer.status_code == 200
    assert answer.headers["hx-trigger"] == "replied"
    assert stage.desk.commands[0].text == "I am here.\nTake your time. ¿Sí?"
    assert not stage.desk.commands[0].confirmed


@pytest.mark.parametrize(("text", "words"), [("  ", "Write something"), ("x" * (LONGEST_REPLY + 1), "Too long")])
async def test_an_empty_or_endless_reply_is_not_sent(
    stage: Stage, robin: httpx.AsyncClient, text: str, words: str
) -> None:
    await stage.hold("c1")
    answer = await post(robin, REPLY, htmx=True, text=text)
    assert answer.status_code == 422
    assert words in answer.text
    assert stage.desk.commands == []


async def test_writing_first_needs_a_second_click(stage: Stage, robin: httpx.AsyncClient) -> None:
    """R10."""
    await stage.hold("c1", silent=True)
    held_back = await post(robin, REPLY, htmx=True, text="Are you OK?")
    assert held_back.status_code == 409
    assert 'name="confirmed"' in held_back.text
    assert len(stage.desk.windows["c1"]) == 2
    assert (await post(robin, REPLY, htmx=True, text="Are you OK?", confirmed="yes")).status_code == 200
    assert len(stage.desk.windows["c1"]) == 3


async def test_a_number_that_is_not_ours_is_caught_before_the_worker_sees_it(
    stage: Stage, robin: httpx.AsyncClient
) -> None:
    """A8."""
    await stage.hold("c1", silent=True)
    text = "Call me on 702 555 0199"
    caught = await post(robin, REPLY, htmx=True, text=text)
    assert caught.status_code == 409
    assert "Never give your own number" in caught.text
    assert stage.desk.commands == []
    held_back = await post(robin, REPLY, htmx=True, text=text, number_checked="yes")
    assert 'type="hidden" name="number_checked"' in held_back.text
    sent = await post(robin, REPLY, htmx=True, text=text, number_checked="yes", confirmed="yes")
    assert sent.status_code == 200


async def test_a_store_that_goes_away_while_sending_leaves_the_outcome_open(
    stage: Stage, robin: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.hold("c1")

    async def lose(command: object) -> str:
        raise StoreError

    monkeypatch.setattr(stage.desk, "submit", lose)
    failed = await post(robin, REPLY, htmx=True, text="hello")
    assert failed.status_code == 503
    assert "We do not know whether it went out" in failed.text


@pytest.mark.parametrize("answer", ["slow", "gone", "not yours"])
async def test_a_reply_that_fails_is_never_quoted(stage: Stage, robin: httpx.AsyncClient, answer: str) -> None:
    await stage.hold("c1")
    if answer == "slow":
        stage.desk.slow = True
    elif answer == "gone":
        del stage.desk.open["c1"]
    else:
        await stage.hold("c1", by="luz")
    failed = await post(robin, REPLY, htmx=True, text="unique lantern words")
    assert failed.status_code in {404, 503}
    assert "lantern" not in failed.text
    assert "hx-trigger" not in failed.headers


async def test_a_claim_lost_between_look_and_reply_is_the_workers_word(
    stage: Stage, robin: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.hold("c1")

    async def lose(command: object) -> str:
        return "not_yours"

    monkeypatch.setattr(stage.desk, "submit", lose)
    failed = await post(robin, REPLY, htmx=True, text="hello")
    assert failed.status_code == 409
    assert "no longer with you" in failed.text


@given(st.text(max_size=400))
def test_the_length_is_that_of_the_folded_text_on_sms_and_of_characters_elsewhere(text: str) -> None:
    assert count_length(text, SMS).parts == count_parts(fold_for_sms(text)).count
    assert count_length(text, TELEGRAM).parts == 0


@pytest.mark.parametrize(
    "text",
    [
        "7025550199",
        "call 702-555-0199 ok",
        "(702) 555.0199",
        "+1 702 555 0199",
        "7 0 2 5 5 5 0 1 9 9",
        "555-0199",
        "seven oh two 555 zero one nine nine",
        "siete cero dos cinco cinco cinco 0199",
        "\uff17\uff10\uff12\uff15\uff15\uff15\uff10\uff11\uff19\uff19",
        "702\u2013555\u20130199",
        "+52 55 1234 5678",
        "988 or 7025550199",
    ],
)
def test_a_personal_number_is_found(text: str) -> None:
    assert find_personal_number(text, is_known)
    assert find_problem(text, is_known, number_checked=False) == "personal_number"
    assert find_problem(text, is_known, number_checked=True) is None


@pytest.mark.parametrize(
    "text",
    [
        "Call or text 988.",
        "Text 741741",
        "888-373-7888 or 1 (888) 373-7888",
        "702.555.0100",
        "at 10:30 on 11/21/2026, 1200 Main St, 89101-1234",
        "one of two or three",
        "It is 2 to 3 blocks, then 4.",
        "",
    ],
)
def test_our_own_lines_times_and_streets_are_let_through(text: str) -> None:
    assert not find_personal_number(text, is_known)


@given(
    st.lists(st.sampled_from("0123456789"), min_size=10, max_size=10).filter(lambda d: "".join(d) not in KNOWN),
    st.lists(st.sampled_from(["", " ", "-", ".", "  ", ") "]), min_size=9, max_size=9),
    st.booleans(),
)
def test_ten_digits_however_written_are_found(digits: list[str], between: list[str], spelled: bool) -> None:
    names = {digit: name for name, digit in SPOKEN.items()}
    text = "".join(a + b for a, b in zip(digits, [*between, ""], strict=True))
    if spelled:
        text = " ".join(names[digit] for digit in digits)
    assert find_personal_number(f"ok {text} ok", is_known)
