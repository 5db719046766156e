"""What holds a reply back: nothing written, too much, a number that is not ours (A8)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.personal_numbers import SPOKEN, find_personal_number
from hotline.reply_checks import LONGEST_REPLY, find_problem

KNOWN = frozenset({"988", "741741", "8883737888", "7025550100"})
is_known = KNOWN.__contains__


@pytest.mark.parametrize(
    ("text", "problem"),
    [("", "empty"), (" \n ", "empty"), ("x" * LONGEST_REPLY, None), ("x" * (LONGEST_REPLY + 1), "too_long")],
)
def test_an_empty_or_endless_reply_is_held_back(text: str, problem: str | None) -> None:
    assert find_problem(text, is_known, number_checked=True) == problem


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
