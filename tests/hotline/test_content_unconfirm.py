"""What a confirmation that is taken back leaves as it is (D3)."""

from datetime import date
from typing import Any

import pytest

from hotline.content_acts import confirm
from hotline.content_unconfirm import unconfirm
from hotline.errors import ContentError

PATH = "directory/nevada/a"


def lay(number: str = "702-555-0100", day: int = 1) -> dict[str, Any]:
    place = {
        "key": "inn", "assured_date": date(2026, 1, day), "phones": [{"number": number}],
        "porchlight": {"verified_by": "ann", "expires_on": date(2026, 2, 2), "publish": True},
    }  # fmt: skip
    return {PATH: {"services": [place]}, "numbers": {"lines": {}}}


def say(before: dict[str, Any]) -> dict[str, Any]:
    path, document = confirm(before, "inn", "ben", date(2026, 3, 3))
    return {**before, path: document}


def test_a_place_runs_out_as_it_would_have_and_what_was_changed_since_stays() -> None:
    confirmed = say(lay())
    live = say(lay())
    live[PATH]["services"][0]["description"] = "New words."
    entry, path, document = unconfirm(lay(), confirmed, live)
    assert (entry, path) == ("inn", PATH)
    assert document["services"] == [lay()[PATH]["services"][0] | {"description": "New words."}]


def test_another_number_gets_no_older_confirmation() -> None:
    with pytest.raises(ContentError, match="since"):
        unconfirm(lay(), say(lay()), say(lay(number="702-555-0199")))


def test_no_other_change_is_taken_back() -> None:
    for after in (lay(), lay(number="702-555-0199"), {}):
        with pytest.raises(ContentError, match="nothing"):
            unconfirm(lay(), after, after)
