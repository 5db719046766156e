"""What stands beside the chat, in memory: clocks, counts, and a small directory."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from console.beside import Beside, Option, Options, RegionFacts, Search
from hotline.cards import build_cards
from hotline.clocks import ClockKind, RunningClock, is_forgotten, start_clock
from hotline.reply_warnings import CASED_PATTERNS, SMALL_LETTER_PATTERNS, build_warning_rules
from storage.content_files import load_documents


class FakeClocks:
    def __init__(self) -> None:
        self.running: list[RunningClock] = []

    async def start(self, kind: ClockKind, now: datetime) -> RunningClock:
        self.running.append(start_clock(f"{len(self.running) + 1:016x}", kind, now))
        return self.running[-1]

    async def read(self, now: datetime) -> Sequence[RunningClock]:
        self.running = [clock for clock in self.running if not is_forgotten(clock, now)]
        return sorted(self.running, key=lambda clock: clock.due)

    async def end(self, clock_id: str, now: datetime) -> bool:
        kept = [clock for clock in self.running if clock.id != clock_id]
        ended = len(kept) < len(self.running)
        self.running = kept
        return ended


class FakeCounts:
    def __init__(self) -> None:
        self.referrals: Counter[tuple[date, str, bool]] = Counter()
        self.flags: Counter[tuple[str, str]] = Counter()

    async def record_referral(self, resource: str, agreed: bool, day: date) -> None:
        self.referrals[day, resource, agreed] += 1

    async def flag(self, resource: str, reason: str) -> None:
        self.flags[resource, reason] += 1

    async def read_flags(self) -> Mapping[tuple[str, str], int]:
        return dict(self.flags)

    async def clear_flags(self, resource: str) -> None:
        self.flags = Counter({key: count for key, count in self.flags.items() if key[0] != resource})


PLACE = Option(
    id="the_nest",
    name="The Nest",
    phone="702-555-0100",
    hours="all day",
    ages=(12, 20),
    call_first=True,
    confirmed=False,
    related=False,
    facts={
        **{"parent_contact": None, "shares_with_police": True, "under_18_alone": True, "walk_in": None},
        **{"returns_after_running": None, "faith_based": False, "hidden_address": True},
    },
    words="This may fit: The Nest, 702-555-0100. Call first.",
)


def find_options(search: Search) -> Options:
    places = [PLACE] if search.need == "place_tonight" else []
    return Options(places, "runaway", "Runaway line", "1800RUNAWAY. You can call.")


@cache
def read_content() -> Mapping[str, Any]:
    return load_documents()


def build_fake_beside(known: Sequence[str] = ()) -> Beside:
    rules = build_warning_rules(read_content())
    return Beside(
        clocks=FakeClocks(),
        counts=FakeCounts(),
        find_options=find_options,
        composing={
            "known": sorted(known),
            "banned": rules.banned,
            "streets": [],
            "small": SMALL_LETTER_PATTERNS,
            "cased": CASED_PATTERNS,
        },
        quick_groups={"listening": ("hello",), "practical": ("place", "quick_worry")},
        cards=build_cards(read_content()),
        needs=("place_tonight", "food"),
        resources={"the_nest": "The Nest", "runaway": "Runaway line"},
        region=RegionFacts(
            report_contacts=[("County report line", "702-555-0111", "unknown", False)],
            emergency_policy="To be written.",
            text_to_911={"Washoe County": "not known"},
            wellbeing=[{"en": "Your supervisor.", "es": "Tu supervisión."}],
        ),
    )
