"""The address that nothing may show, wherever somebody types it (D4)."""

import copy
from itertools import product
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.areas import find_area
from hotline.errors import ContentError
from hotline.messages import CHANNELS
from hotline.numbers import build_lines
from hotline.ports import ReplyRef
from hotline.regions import build_region
from hotline.replies import render
from hotline.resources import build_directory, find_places
from tests.hotline.verified import nevada, pacific, shipped_documents

DOCUMENTS = shipped_documents()
PRACTICE = build_directory(DOCUMENTS, nevada(), "practice")
NPHY = "directory/nevada/nphy"
DROP_IN, SHELTER = 0, 1

STREETS = st.builds(
    "{} {} {}".format,
    st.integers(1, 99999),
    st.sampled_from(["Quiet Heron", "Alder", "Ñandú", "Third", "San Marcos"]),
    st.sampled_from(["St", "Street", "Ave", "Blvd", "Parkway", "Lane", "Rd", "", "Calle"]),
)
PLANTS = (
    "name", "alternate_name", "description", "eligibility_description", "alert", "phones/description",
    "schedules/notes", "service_areas/name", "porchlight/near", "porchlight/reason", "porchlight/source",
    "porchlight/evidence", "porchlight/verified_by", "porchlight/tty", "organization/name",
    "organization/description", "location", "languages/name", "latitude", "address_1", "key",
)  # fmt: skip


def plant(documents, where, address):
    """Put an address into one field of the confidential shelter's record."""
    service = documents[NPHY]["services"][SHELTER]
    head, _, tail = where.partition("/")
    if head == "organization":
        documents[NPHY]["organization"][tail] += f" {address}"
    elif where == "location":
        place = {"address_1": address, "city": "Las Vegas", "state_province": "NV", "postal_code": "89101"}
        place |= {"country": "US", "address_type": "physical"}
        service["service_at_locations"] = [{"location": {"location_type": "physical", "addresses": [place]}}]
    elif head == "porchlight":
        service["porchlight"][tail] = address
    elif tail:
        empty = {
            "phones": {"number": "702-383-1332"},
            "languages": {"code": "en"},
            "service_areas": {"extent": "state:NV"},
        }
        empty["schedules"] = {"byday": "MO", "opens_at": "08:00", "closes_at": "19:00"}
        service[head] = [empty[head] | {tail: address}]
    else:
        service[where] = address
    return documents


TEXTS = {"found": "{place.name} {place.where} {place.hours} {place.phone}", "said": "{place.notice}"}


class Words:
    """Two replies of our own, so that other words on disk cannot break these tests."""

    def reply(self, key, language):
        return SimpleNamespace(texts=(TEXTS[key],))


def everything_said(directory):
    """All that a texter could be given, for any need, area, age, hour and language."""
    said = []
    needs = {need for place in directory.places.values() for need in place.needs} | {"anything"}
    lines = build_lines(DOCUMENTS)
    for when in ("2026-11-23 12:00", "2026-11-22 02:00"):
        for place in directory.places.values():
            said += [str(dict(place.gaps(language, "sms", pacific(when)))) for language in ("en", "es")]
            said.append(repr(place))
            for reference in (place.id, f"{place.id}:boy+with_child+disability"):
                for key, language, channel in product(("found", "said"), ("en", "es"), CHANNELS):
                    said += render(
                        ReplyRef(key, {"place": reference}), language=language, channel=channel, content=Words(),
                        lines=lines, directory=directory, now=pacific(when), hotline_name="Porchlight",
                    )  # fmt: skip
        for need in needs:
            for area in ("las vegas", "reno", "89101", "skip"):
                for who in ((), ("boy", "tribal")):
                    given = {"need": need, "area": find_area(area), "now": pacific(when), "who": who, "limit": 9}
                    said.append(repr(find_places(directory, **given)))
    return "\n".join(said)


@given(where=st.sampled_from(PLANTS), address=STREETS)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_confidential_address_planted_anywhere_appears_in_no_output(where, address):
    """D4: either the record is refused, without a word of the address in the refusal, or nothing ever says it."""
    documents = plant(copy.deepcopy(DOCUMENTS), where, address)
    number = address.split()[0]
    try:
        directory = build_directory(documents, nevada(documents), "practice")
    except ContentError as refusal:
        assert address not in str(refusal)
        assert len(number) < 3 or number not in str(refusal)
    else:
        assert address not in everything_said(directory)


@pytest.mark.parametrize("where", sorted(set(PLANTS)))
def test_a_confidential_record_with_an_address_in_any_field_is_refused(where):
    """D4: refused at start, not only unsaid."""
    with pytest.raises(ContentError):
        build_directory(plant(copy.deepcopy(DOCUMENTS), where, "4711 Quiet Heron St"), nevada(), "practice")


@pytest.mark.parametrize("where", ["description", "alternate_name", "porchlight/near", "porchlight/reason", "location"])
def test_a_home_of_the_california_list_has_no_room_for_an_address_either(where):
    """D4, D9: most of that list is not known to be public, so all of it is kept as confidential."""
    for name in ("courage_house", "operation_safehouse", "children_of_the_night"):
        documents = copy.deepcopy(DOCUMENTS)
        service = documents[f"directory/california/{name}"]["services"][0]
        if where == "location":
            service["service_at_locations"] = [{"location": {"location_type": "physical"}}]
        elif where.startswith("porchlight/"):
            service["porchlight"][where.partition("/")[2]] = "4711 Quiet Heron St"
        else:
            service[where] = "4711 Quiet Heron St"
        with pytest.raises(ContentError):
            build_directory(documents, build_region(documents, "california"), "practice")


def test_a_street_without_a_number_is_refused_too():
    for words in ("On Quiet Heron Street", "behind the Alder motel", "cerca de la esquina"):
        with pytest.raises(ContentError):
            build_directory(plant(copy.deepcopy(DOCUMENTS), "description", words), nevada(), "practice")


def test_a_place_whose_confidentiality_is_unknown_is_kept_as_confidential():
    documents = copy.deepcopy(DOCUMENTS)
    documents[NPHY]["services"][DROP_IN]["porchlight"]["address_confidential"] = "unknown"
    with pytest.raises(ContentError):
        build_directory(documents, nevada(), "practice")


def test_a_resource_cannot_be_made_confidential_and_have_a_street():
    place = PRACTICE.get("nphy_drop_in")
    fields = {name: getattr(place, name) for name in place.__dataclass_fields__}
    with pytest.raises(ContentError):
        type(place)(**(fields | {"confidential": True}))


def test_unknown_confidentiality_keeps_the_words_of_a_record_free_of_streets_too():
    documents = copy.deepcopy(DOCUMENTS)
    service = documents[NPHY]["services"][SHELTER]
    service["porchlight"]["address_confidential"] = "unknown"
    service["description"] = "On Quiet Heron Street"
    with pytest.raises(ContentError):
        build_directory(documents, nevada(), "practice")


@pytest.mark.parametrize(
    "field", [{"service_at_locations": []}, {"service_at_locations": [{"location": {"location_type": "physical"}}]}]
)
def test_a_confidential_record_has_no_field_for_a_place_even_an_empty_one(field):
    documents = copy.deepcopy(DOCUMENTS)
    documents[NPHY]["services"][SHELTER] |= field
    with pytest.raises(ContentError):
        build_directory(documents, nevada(), "practice")
