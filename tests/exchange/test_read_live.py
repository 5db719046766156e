"""The read API follows what is live, and gives out nothing rather than what may have been closed (D4, D7, G4)."""

import copy
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from app.network import Bind
from app.read_catalogue import Catalogue
from app.read_shelf import STALE_SECONDS, Shelf
from app.swapped import Swapped
from hotline.exchange.entry import NOT_TOLD
from hotline.exchange.export import export_directory
from storage import content_following
from storage.connection import StoreError
from storage.content_following import LiveContent
from storage.content_sets import LiveSet
from tests.console.fakes_content import MemorySets
from tests.exchange.landing import NPHY, Landing
from tests.exchange.world import a_place, only, plan, taken_in
from tests.hotline.verified import shipped_documents, verified_documents

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DROP_IN = "NPHY Drop-In Center"


class FollowedSets(MemorySets):
    """Sets that can be away, as the program asks them."""

    away = False

    async def find_live(self) -> int:
        if self.away:
            raise StoreError
        return await super().find_live()

    async def load(self, version: int, known: Any = None) -> LiveSet:
        return await super().load(version)


class Program:
    """The parts of the program, as it puts them together, without its doors."""

    def __init__(self, landing: Landing) -> None:
        settings: Any = SimpleNamespace(
            region="nevada", mode="live", read_api_url="", read_api_bind=Bind("127.0.0.1", 8083), content_seconds=5.0
        )
        self.noted: list[str] = []
        clock: Any = SimpleNamespace(now=lambda: NOW)
        self.shelf = Shelf(settings, clock, lambda event, _code: self.noted.append(event))
        self.content = LiveContent(landing.sets, self.shelf.build, self.shelf.tell)
        self.door = Swapped(None)

    async def start(self) -> "Program":
        self.door.current, _ = await self.content.start()
        self.shelf.open(self.content)
        return self

    async def look(self) -> None:
        newer = await self.content.look()
        if newer:
            self.door.current, _ = newer
            self.shelf.open(self.content)

    async def ask(self, path: str = "/services?full=true") -> httpx.Response:
        transport = httpx.ASGITransport(self.shelf.guard(self.door))
        async with httpx.AsyncClient(transport=transport, base_url="http://places") as client:
            return await client.get(path)

    async def names(self) -> list[str]:
        answer = await self.ask()
        assert answer.status_code == 200, answer.text
        return [record["name"] for record in answer.json()["contents"]]


@pytest.fixture
async def landing():
    landing = Landing()
    landing.desk.sets = landing.sets = FollowedSets()
    await landing.desk.load_live()
    return landing


@pytest.fixture
async def program(landing):
    return await Program(landing).start()


async def test_a_new_version_is_given_out_and_a_place_that_was_pulled_is_gone_d7(landing, program):
    assert DROP_IN in await program.names()
    await landing.desk.pull("ben", "nphy_drop_in", "it closed")
    await program.look()
    assert DROP_IN not in await program.names()
    assert await program.shelf.find_fault() == ""


async def test_a_version_that_cannot_be_built_gives_out_nothing_and_the_next_is_given_out_d4(landing, program):
    """The version before may show what this one closes or hides."""
    broken = {**(await landing.desk.look()).texts, "categories": "a: 1"}
    happened = landing.desk.tell(await landing.desk.look(), "edit", ("ann",), "broken", broken)
    assert await landing.sets.publish(broken, happened, expected=1)
    await program.look()
    answer = await program.ask()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert DROP_IN not in answer.text
    assert (await program.shelf.find_fault(), program.noted) == ("content", ["content_refused"])
    await landing.desk.roll_back("ben", 1, "back")
    await program.look()
    assert DROP_IN in await program.names()


async def test_without_a_word_from_the_store_nothing_is_given_out_until_it_speaks_again_d7(
    landing, program, monkeypatch
):
    landing.sets.away = True
    await program.look()
    assert DROP_IN in await program.names(), "a short silence is nobody's harm"
    now = content_following.time.monotonic()
    monkeypatch.setattr(content_following.time, "monotonic", lambda: now + STALE_SECONDS + 1)
    assert ((await program.ask()).status_code, await program.shelf.find_fault()) == (503, "store")
    landing.sets.away = False
    await program.look()
    assert DROP_IN in await program.names()


async def test_a_start_without_the_store_gives_out_nothing(landing):
    landing.sets.away = True
    program = await Program(landing).start()
    assert ((await program.ask()).status_code, await program.shelf.find_fault()) == (503, "store")


async def test_nobody_is_served_before_the_first_version(landing):
    assert await Program(landing).shelf.find_fault() == "starting"


def test_a_record_that_names_a_confidential_place_is_left_out_and_takes_nothing_else_with_it_d4():
    documents = shipped_documents()
    documents[NPHY]["services"][0]["description"] = "Next to NPHY Emergency Shelter."
    shown = Catalogue(documents, region="nevada", mode="practice", now=NOW).list_shown(NOW)
    assert len(shown) > 2 and "nphy_drop_in" not in {one.key for one in shown}


def with_vetting_notes():
    documents = verified_documents()
    for service in documents[NPHY]["services"]:
        service["porchlight"]["vetting"] |= {"asked": "a night clerk", "how": "phoned twice"}
    return documents


def test_whom_we_asked_at_a_vetting_goes_out_in_no_form_d2():
    documents = with_vetting_notes()
    for more in ({}, {"unpublished": True}, {"whole": True}):
        found = export_directory(documents, leave_out=True, **more)
        assert "nphy_drop_in" in found.keys
        assert "night clerk" not in repr(found) and "phoned twice" not in repr(found)
    shown = Catalogue(documents, region="nevada", mode="live", now=NOW).list_shown(NOW)
    assert shown and "night clerk" not in repr(shown)
    assert not any(f'"{name}"' in one.text for one in shown for name in NOT_TOLD)


def test_a_whole_export_comes_in_again_as_the_same_and_keeps_whom_we_asked_here():
    documents = with_vetting_notes()
    found = export_directory(documents, leave_out=True, whole=True)
    service = copy.deepcopy(dict(zip(found.keys, found.services, strict=True))["nphy_drop_in"])
    assert only(plan([service], documents, whole=True)).kind.value == "same"


def test_who_changed_what_elsewhere_is_told_nowhere_in_a_record():
    """HSDS has it at every level: names of people, and values that were taken back."""
    known = [{"id": "m", "updated_by": "Jo Doe", "previous_value": "9 Old Road"}]
    record = a_place(metadata=known)
    record["organization"] |= {"metadata": known}
    record["service_at_locations"][0]["location"] |= {"metadata": known}
    documents = taken_in([record])
    service = documents["directory/nevada/quail_health"]["services"][0]
    service["service_areas"] = [{"name": "Nevada", "extent": "state:NV", "extent_type": "text"}]
    service["porchlight"] |= {"publish": True, "needs": ["doctor"]}
    shown = Catalogue(documents, region="nevada", mode="practice", now=NOW).list_shown(NOW)
    (clinic,) = [one for one in shown if one.key == "quail_street_clinic"]
    assert "77 Quail St" in repr(clinic) and "Jo Doe" not in repr(clinic) and "Old Road" not in repr(clinic)
