"""Older words come back by one click; older numbers do not (D3, G2)."""

from typing import Any

from hotline.content_return import keep_numbers

NUMBERS = "numbers"
REPLIES = "replies/en/a"
PLACES = "directory/nevada/a"


def say(number: str = "8005550100", **more: object) -> dict[str, object]:
    return {"call": {"number": number}, "note": {"en": "Kind people."}, **more}


def lay(*, text: str = "Hi.", place: dict[str, object] | None = None, **lines: dict[str, object]) -> dict[str, Any]:
    inn = {"key": "inn", "description": "An inn.", "phones": [{"number": "702-555-0100"}], "porchlight": {}}
    return {
        NUMBERS: {"phrases": {"en": {"call": "call {number}"}}, "lines": lines, "refused": []},
        REPLIES: {"replies": {"welcome": {"text": text}}},
        PLACES: {"services": [inn | (place or {})]},
    }


def test_words_come_back_and_a_number_that_is_another_by_now_does_not_d3() -> None:
    old = lay(text="Hello.", a=say("8005550100", hours="always"), b=say(note={"en": "Old words."}))
    live = lay(text="Wrong words.", a=say("8005550199"), b=say())
    documents, kept = keep_numbers(old, live)
    assert documents[REPLIES] == old[REPLIES]
    assert documents[NUMBERS]["lines"] == {"a": live[NUMBERS]["lines"]["a"], "b": old[NUMBERS]["lines"]["b"]}
    assert kept == ("numbers: lines/a",)


def test_a_line_that_is_gone_since_comes_back_closed_and_one_that_came_since_stays_d3_d7() -> None:
    documents, _ = keep_numbers(lay(gone=say(never_hidden=True)), lay(new=say(never_hidden=True)))
    lines = documents[NUMBERS]["lines"]
    assert (lines["gone"]["status"], lines["gone"]["never_hidden"]) == ("temporarily closed", False)
    assert lines["new"]["never_hidden"] is True


def test_what_somebody_confirmed_since_or_took_back_stays_d3() -> None:
    old = lay(a=say(assured_date="2026-01-01", verified_by="ann"), b=say(assured_date="2026-01-01"))
    live = lay(a=say(assured_date="2026-05-05", verified_by="ben"), b=say(assured_date=None))
    place = {"assured_date": "2026-05-05", "porchlight": {"verified_by": "ben"}}
    live[PLACES] = lay(place=place)[PLACES]
    documents, kept = keep_numbers(old, live)
    assert documents == live
    assert kept == (), "nobody has to hear of it"


def test_a_line_does_not_become_one_that_can_be_hidden_by_going_back_d3() -> None:
    live = lay(a=say(never_hidden=True))
    assert keep_numbers(lay(a=say(never_hidden=False)), live)[0] == live


def test_a_known_misprint_stays_refused_n4() -> None:
    live = lay(a=say())
    live[NUMBERS]["refused"] = [{"number": "8005550101"}]
    assert keep_numbers(lay(a=say()), live)[0] == live


def test_a_place_with_another_phone_by_now_stays_whole_d3() -> None:
    old = lay(place={"phones": [{"number": "702-555-0111"}], "description": "Older."})
    live = lay()
    assert keep_numbers(old, live) == (live, ("directory/nevada/a: services/inn",))
    elsewhere = lay(place={"description": "Or call 702-555-0111 at night."})
    assert keep_numbers(elsewhere, live)[0] == live


def test_a_reply_comes_back_with_a_number_that_is_live_and_with_no_other_d3() -> None:
    """A misprint in a crisis text is gone with one click; a number that nobody has any more stays gone."""
    live = lay(text="Call 899.", a=say("988"))
    assert keep_numbers(lay(text="Call 988.", a=say("988")), live)[0][REPLIES] == lay(text="Call 988.")[REPLIES]
    assert keep_numbers(lay(text="Call 1-800-555-0142.", a=say("988")), live)[0] == live


def test_digits_that_are_only_listened_for_come_back() -> None:
    old, live = {"screening/en": {"entries": {"x": {"any": "304"}}}}, {"screening/en": {"entries": {"x": {"any": "a"}}}}
    assert keep_numbers(old, live) == (old, ())
