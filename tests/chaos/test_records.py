"""The judge is judged: each kind of fault that is put into a clean record is found, and nothing else."""

from collections.abc import Callable, Sequence
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.chaos.pages import match_pages
from tests.chaos.plan import IMMINENT, PERSON, QUICK, SMS, TELEGRAM
from tests.chaos.records import Conversation, Findings, Inbound, Message, Span, Words, judge

WORDS = Words(
    {kind: f"the {kind}" for kind in QUICK}, frozenset({"welcome"}), "asked", "We are here", "left", ("joined", "left")
)
PAGE_SECONDS = 60.0


def texts(kinds: Sequence[str], at: float) -> list[Inbound]:
    return [Inbound(kind, f"{at}{kind}", at + place, at + place + 0.1) for place, kind in enumerate(kinds)]


def clean(channel: str = TELEGRAM) -> Conversation:
    """A burst, a text to Rasa, one in danger whom a person comes to, and a last text."""
    steps = [texts(QUICK, 10.0), texts(["who"], 20.0), texts([IMMINENT], 30.0), texts(["menu"], 90.0)]
    received = [Message("welcome", 10.9), *(Message(f"the {kind}", 13.0 + n) for n, kind in enumerate(QUICK))]
    received += [Message("an answer", 21.0), Message("988", 31.0), Message("asked", 31.1)]
    received += [Message("We are here with you, aaaa.", 33.0), Message("left.", 34.0), Message("the menu", 91.0)]
    return Conversation(channel, "1", steps, received)


def judged(*conversations: Conversation, pushes: Sequence[float] = (31.2,), spans: Sequence[Span] = ()) -> Findings:
    words = dict.fromkeys((SMS, TELEGRAM), WORDS)
    return judge(conversations, words, pushes, spans, PAGE_SECONDS)


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert judged(clean()) == Findings()


def lose(one: Conversation) -> None:
    one.received = [message for message in one.received if message.text != "the number"]


def lose_the_last(one: Conversation) -> None:
    one.received = one.received[:-1]


def lose_what_rasa_says(one: Conversation) -> None:
    one.received = [message for message in one.received if message.text != "an answer"]


def turn_round(one: Conversation) -> None:
    one.received[1:4] = [Message(message.text, 16.0 - n) for n, message in enumerate(one.received[1:4])]
    one.received.sort(key=lambda message: message.at)


def repeat(one: Conversation) -> None:
    one.received.insert(5, Message("the photo", 15.5))


def repeat_later(one: Conversation) -> None:
    one.received.insert(6, Message("the photo", 22.0))


def repeat_rasa(one: Conversation) -> None:
    one.received.insert(6, Message("an answer", 22.0))


def leave_alone(one: Conversation) -> None:
    one.received = [message for message in one.received if not message.text.startswith("We are here")]


def never_take(one: Conversation) -> None:
    one.steps[1][0].taken_at = None


@pytest.mark.parametrize(
    ("harm", "line"),
    [
        (lose, "unanswered"),
        (lose_the_last, "unanswered"),
        (lose_what_rasa_says, "unanswered"),
        (turn_round, "out_of_order"),
        (repeat, "twice"),
        (repeat_later, "twice"),
        (repeat_rasa, "twice"),
        (leave_alone, "no_owner"),
        (never_take, "not_taken"),
    ],
)
def test_each_harm_is_found_on_its_own_line(harm: Callable[[Conversation], None], line: str) -> None:
    harmed = deepcopy(clean())
    harm(harmed)
    found = judged(harmed)
    assert len(getattr(found, line)) >= 1
    setattr(found, line, [])
    assert found == Findings()


def test_an_imminent_text_without_a_page_is_found_and_no_page_counts_for_two() -> None:
    assert len(judged(clean(), pushes=()).not_paged) == 1
    assert len(judged(clean(), clean(), pushes=(31.2,)).not_paged) == 1
    assert judged(clean(), clean(), pushes=(31.2, 45.0)).late_pages == 1


def test_whoever_was_claimed_before_a_page_could_go_out_needed_none() -> None:
    soon, late = clean(), clean()
    for one, seconds in ((soon, 0.5), (late, 1.5)):
        one.received.insert(-3, Message("joined", 30.0 + seconds))
    assert judged(soon, pushes=()).not_paged == []
    assert len(judged(late, pushes=()).not_paged) == 1


def test_a_person_who_came_to_somebody_else_is_no_reason_to_page_nobody_h3() -> None:
    other = Conversation(TELEGRAM, "2", [texts(["menu"], 25.0)], [Message("the menu", 26.0), Message("joined", 30.5)])
    assert len(judged(clean(), other, pushes=()).not_paged) == 1


def test_a_double_on_telegram_is_excused_only_by_what_broke_at_that_moment_and_by_sms_never_x5() -> None:
    kill = [Span("kill worker", 15.2, 15.2)]
    for channel, spans, line in (
        (TELEGRAM, kill, "in_window"),
        (TELEGRAM, [Span("kill worker", 40.0, 40.0)], "twice"),
        (SMS, kill, "twice"),
    ):
        harmed = clean(channel)
        repeat(harmed)
        assert len(getattr(judged(harmed, spans=spans), line)) == 1, (channel, spans)


def test_a_person_may_come_twice_and_cannot_come_twice_without_having_gone() -> None:
    for between, count in ((["left."], 0), ([], 1)):
        one = clean()
        said = ["joined", *between, "joined"]
        one.received[8:8] = [Message(text, 35.0 + number) for number, text in enumerate(said)]
        one.received.sort(key=lambda message: message.at)
        assert len(judged(one).twice) == count


def test_a_person_s_words_come_once_however_many_texts_they_may_answer_x5() -> None:
    one = clean()
    one.received.insert(8, Message("We are here with you, aaaa.", 33.5))
    one.steps.insert(3, texts(["who"], 32.0))
    assert len(judged(one).twice) == 1


def test_the_same_words_in_place_of_two_answers_are_no_double_and_a_third_time_they_are() -> None:
    one = Conversation(SMS, "1", [texts(["photo"], 5.0), texts(["photo"], 12.0)])
    for count, at in enumerate((6.0, 13.0, 14.0)):
        one.received.append(Message("still looking", at))
        assert len(judged(one, pushes=()).twice) == (count == 2)


def test_what_died_with_the_keys_instance_is_told_apart_only_with_a_page_after_it_p3() -> None:
    kill = [Span("kill keys", 90.5, 90.5)]
    for pushes, died in (((31.2, 95.0), 1), ((31.2,), 0)):
        one = clean()
        lose_the_last(one)
        found = judged(one, pushes=pushes, spans=kill)
        assert (len(found.died), len(found.unanswered)) == (died, 1 - died)


def test_another_message_stands_in_for_an_answer_once_and_no_opening_does() -> None:
    one = clean()
    lose(one)
    one.received.append(Message("could not be read", 16.0))
    assert judged(one) == Findings()
    one.received = [message for message in one.received if message.text != "the menu"]
    assert len(judged(one).unanswered) == 2


def test_what_a_person_reads_needs_no_answer_and_once_the_person_has_left_it_does() -> None:
    for at, count in ((33.5, 0), (34.5, 0), (40.0, 1)):
        one = clean()
        one.steps.insert(3, texts(["who"], at))
        assert len(judged(one).unanswered) == count, at


def test_whoever_asked_for_a_person_is_owed_one_even_if_the_bot_said_nothing_h1() -> None:
    one = Conversation(SMS, "1", [texts([PERSON], 5.0)], [Message("welcome", 6.0), Message("hm", 6.1)])
    assert len(judged(one, pushes=()).no_owner) == 1


@given(st.lists(st.floats(0, 100), max_size=8), st.lists(st.floats(0, 200), max_size=8))
def test_pages_are_matched_one_to_one(imminent: list[float], pushes: list[float]) -> None:
    waits = match_pages(imminent, pushes, 50.0)
    found = [wait for wait in waits if wait is not None]
    assert len(waits) == len(imminent) and len(found) <= len(pushes)
    assert all(0 <= wait <= 50.0 for wait in found)
