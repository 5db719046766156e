"""A vetting says who answered and how; of a confidential place neither may say where it is (D2, D4)."""

import pytest

from hotline.confidentiality import check_confidential
from hotline.errors import ContentError
from hotline.records import Record
from hotline.vetting import build_vetting


def test_who_was_asked_and_how_stand_in_the_record_d2() -> None:
    record = {"factors": {"quality": True}, "vetted_on": None, "approved_by": []}
    assert build_vetting(Record(record, "x")).asked == ""
    vetting = build_vetting(Record(record | {"asked": "intake worker", "how": "phone"}, "x"))
    assert (vetting.asked, vetting.how) == ("intake worker", "phone")


@pytest.mark.parametrize("field", ["asked", "how"])
def test_neither_may_hold_an_address_of_a_confidential_place_d4(field: str) -> None:
    with pytest.raises(ContentError):
        check_confidential(Record({"vetting": {field: "visited, 12 Elm Street"}}, "x"))
