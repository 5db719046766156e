"""A number typed from memory: right, near, or another (N3, N4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.digits import flatten
from hotline.edits import count_edits
from hotline.number_practice import Nearness, compare_digits
from hotline.numbers import build_lines
from tests.hotline.verified import shipped_documents

LINES = build_lines(shipped_documents())


@pytest.mark.parametrize(
    ("typed", "line", "nearness"),
    [
        # right: letters, blanks, dashes, brackets, a leading 1, words around it
        ("988", "lifeline", "right"),
        ("9 8 8", "lifeline", "right"),
        ("9-8-8", "lifeline", "right"),
        ("its 988", "lifeline", "right"),
        ("988?", "lifeline", "right"),
        ("BEFREE", "trafficking", "right"),
        ("be free", "trafficking", "right"),
        ("i think its befree", "trafficking", "right"),
        ("233733", "trafficking", "right"),
        ("233-733", "trafficking", "right"),
        ("888 3737 888", "trafficking", "right"),
        ("1-888-373-7888", "trafficking", "right"),
        ("+1 (888) 373-7888", "trafficking", "right"),
        ("18883737888", "trafficking", "right"),
        ("4help", "safe_place", "right"),
        ("4 HELP", "safe_place", "right"),
        ("1800runaway", "runaway", "right"),
        ("800 runaway", "runaway", "right"),
        ("1-800-786-2929", "runaway", "right"),
        ("866 u are safe", "safe_place_las_vegas", "right"),
        ("866 u are saf", "safe_place_las_vegas", "right"),
        ("741 741", "crisis_text", "right"),
        ("es el 741741", "crisis_text", "right"),
        # near: a slip, the end alone, an old number, a known misprint
        ("998", "lifeline", "near"),
        ("98", "lifeline", "near"),
        ("9888", "lifeline", "near"),
        ("1-800-273-8255", "lifeline", "near"),
        ("233773", "trafficking", "near"),
        ("23373", "trafficking", "near"),
        ("be fre", "trafficking", "near"),
        ("373-7888", "trafficking", "near"),
        ("888 373 7880", "trafficking", "near"),
        ("runaway", "runaway", "near"),
        ("800 runawy", "runaway", "near"),
        ("74174", "crisis_text", "near"),
        ("741714", "crisis_text", "near"),
        ("69866", "safe_place", "near"),
        # other: another line's number, or nothing like it
        ("911", "lifeline", "other"),
        ("211", "emergency", "other"),
        ("911", "info_211", "other"),
        ("741741", "trafficking", "other"),
        ("idk", "lifeline", "other"),
        ("i forgot", "trafficking", "other"),
        ("help", "safe_place", "other"),
        ("before", "trafficking", "other"),
        ("no", "trafficking", "other"),
        ("", "lifeline", "other"),
        ("702-555-0100", "trafficking", "other"),
        ("take it down", "take_it_down", "other"),
    ],
)
def test_a_number_typed_from_memory_is_right_near_or_another(typed, line, nearness):
    """N3."""
    assert LINES.compare(typed, line) == nearness


@given(st.text(), st.sampled_from(sorted(LINES.by_id)))
def test_any_text_gets_an_answer(text, line):
    assert LINES.compare(text, line) in set(Nearness)


def ways():
    return [(line.id, way) for line in LINES for way in (line.call, line.text) if way is not None]


@pytest.mark.parametrize(("line", "way"), ways(), ids=[f"{line}-{way.number}" for line, way in ways()])
def test_every_number_and_its_letters_are_right_however_they_are_typed(line, way):
    """N1, N3."""
    digits = flatten(way.number)
    whole = [form for form in (way.number, way.aid) if form]
    for form in (*whole, digits, f"1{digits}" if len(digits) == 10 else digits, " ".join(digits), "-".join(digits)):
        assert compare_digits(f"{form}", LINES.get(line)) is Nearness.RIGHT, form
        assert LINES.compare(form.lower(), line) is Nearness.RIGHT, form


@given(st.sampled_from(ways()), st.data())
def test_one_changed_digit_of_a_long_number_is_near_and_never_right(chosen, data):
    line, way = chosen
    digits = flatten(way.number)
    at = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != digits[at]]))
    typed = digits[:at] + other + digits[at + 1 :]
    if typed.startswith("1") or LINES.find_by_digits(typed):
        return
    assert compare_digits(typed, LINES.get(line)) is Nearness.NEAR


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("988", "lifeline"),
        ("74174", "crisis_text"),
        ("text 69866?", "safe_place"),
        ("77054", "love_is_respect"),
        ("18002738255", "lifeline"),
        ("233773", "trafficking"),
        ("befre", "trafficking"),
        ("1 800 786 2992", "runaway"),
        ("i need help", None),
        ("im 15", None),
        ("89101", None),
        ("702-555-0100", None),
        ("2025550143", None),
        ("", None),
    ],
)
def test_the_line_that_was_meant_is_found_behind_a_slip_or_a_misprint(typed, line):
    """N4: a misprint is refused as a number, and the right one can be said."""
    found = LINES.find_near(typed)
    assert (found.id if found else None) == line


@given(st.text())
def test_looking_for_what_was_meant_never_fails(text):
    found = LINES.find_near(text)
    assert found is None or found.id in LINES.by_id


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("", "", 0), ("a", "", 1), ("988", "998", 1), ("988", "898", 1), ("233733", "337332", 2), ("abc", "xyz", 3)],
)
def test_edits_are_counted(one, other, edits):
    assert count_edits(one, other) == count_edits(other, one) == edits
