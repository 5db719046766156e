"""Letters against digits (N1, D8)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.digits import KEYPAD, letters_agree


@pytest.mark.parametrize(
    ("letters", "number", "agree"),
    [
        ("BEFREE", "233733", True),
        ("4HELP", "44357", True),
        ("U-ARE-SAFE", "866-827-3723", True),
        ("1-866-U-ARE-SAFE", "1-866-827-3723", True),
        ("THE-LOST", "800-843-5678", True),
        ("2NV-VINE", "888-268-8463", True),
        ("246-PRIDE", "800-246-7743", True),
        ("888-3737-888", "888-373-7888", True),
        ("BEFREED", "233733", False),
        ("U-ARE-SAFER", "866-827-3723", False),
        ("BEFREE", "233732", False),
    ],
)
def test_letters_are_checked_against_digits_with_one_surplus_letter_allowed(letters, number, agree):
    """D8: overdialling by one works."""
    assert letters_agree(letters, number) is agree


@given(st.from_regex(r"[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True), st.data())
def test_letters_made_from_a_number_agree_and_one_changed_letter_does_not(number, data):
    by_digit = {digit: [letter for letter, key in KEYPAD.items() if key == digit] for digit in "23456789"}
    letters = "".join(data.draw(st.sampled_from(by_digit.get(digit, [digit]))) for digit in number[-7:])
    assert letters_agree(letters, number)
    other = "2" if KEYPAD.get(letters[0], letters[0]) != "2" else "3"
    assert not letters_agree(other + letters[1:], number)
