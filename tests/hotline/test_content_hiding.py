"""An address becomes confidential quickly, by one other person; a number is no quicker for it (D3, D4)."""

from copy import deepcopy
from typing import Any

from hotline.content_review import Weight, find_changes, find_weights

PATH = "directory/nevada/a"
AT = [{"location": {"addresses": [{"address_1": "1482 Quail Street", "postal_code": "89501"}]}}]
PLACE = {
    "key": "inn", "description": "Two doors from 1490, by bus 215.", "phones": [{"number": "702-555-0100"}],
    "service_at_locations": AT, "porchlight": {"address_confidential": False, "hsds": {"name": "1482 Quail"}},
}  # fmt: skip


def lay(**place: object) -> dict[str, Any]:
    return {PATH: {"organization": {"name": "Inn", "description": "Since 1982."}, "services": [PLACE | place]}}


def hide(**place: object) -> dict[str, Any]:
    after = lay(description="An inn.", **place)
    after[PATH]["organization"]["description"] = "An old house."
    one = after[PATH]["services"][0]
    one.pop("service_at_locations")
    one["porchlight"] = {"address_confidential": True}
    return after


def weigh(after: dict[str, Any]) -> frozenset[Weight]:
    return find_weights(find_changes(lay(), after))


def test_what_hides_an_address_takes_one_other_though_digits_go_with_it_d4() -> None:
    assert weigh(hide()) == frozenset()


def test_a_number_that_changes_comes_or_goes_meanwhile_takes_two_d3() -> None:
    for phones in ([{"number": "702-555-0199"}], [], [*PLACE["phones"], {"number": "702-555-0199"}]):  # type: ignore[misc]
        assert weigh(hide(phones=phones)) == {Weight.NUMBER}, phones
    told = hide()
    told[PATH]["services"][0]["description"] = "Call 215-1490."
    assert weigh(told) == {Weight.NUMBER}


def test_a_kept_record_that_only_goes_is_no_number_d4() -> None:
    """What hides a place drops what neighbours' records tell of it, in other documents too."""
    assert weigh(lay(porchlight={"address_confidential": False})) == frozenset()


def test_digits_of_a_place_that_stays_open_and_of_its_organization_take_two_d3() -> None:
    assert weigh(lay(description="An inn.")) == {Weight.NUMBER}
    after = deepcopy(lay())
    after[PATH]["organization"]["description"] = "An old house."
    assert weigh(after) == {Weight.NUMBER}


def test_what_hides_one_place_makes_nothing_of_its_neighbour_quick_d3() -> None:
    before, after = lay(), hide()
    for documents, words in ((before, "Call 702-555-0155."), (after, "Call nobody.")):
        documents[PATH]["services"].append(PLACE | {"key": "barn", "description": words})
    assert find_weights(find_changes(before, after)) == {Weight.NUMBER}


def test_opening_an_address_again_takes_two_d4() -> None:
    assert Weight.ADDRESS in find_weights(find_changes(hide(), lay()))
