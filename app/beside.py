"""Builds what an advocate has beside the chat from the reviewed content and the store."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.settings import Settings
from app.world import Words
from console.beside import Beside, Option, Options, RegionFacts, Search
from hotline.areas import find_area
from hotline.cards import build_cards
from hotline.digits import flatten
from hotline.messages import SMS
from hotline.ports import Clock, ReplyRef
from hotline.quick_replies import build_quick_groups
from hotline.regions import Region
from hotline.reply_warnings import CASED_PATTERNS, SMALL_LETTER_PATTERNS, build_warning_rules
from hotline.resources import Match, find_places
from hotline.verification import Serving
from storage.clocks import StoreClocks
from storage.connection import Store
from storage.resource_counts import StoreResourceCounts


def build_beside(settings: Settings, documents: Mapping[str, Any], words: Words, store: Store, clock: Clock) -> Beside:
    """Everything that ``console.beside`` describes. Raises ContentError for content that does not fit together."""
    directory = words.directory
    places = {place.id: place.name for place in directory.places.values()}
    lines = {line.id: line.gaps("en", SMS)["name"] for line in words.lines}
    return Beside(
        clocks=StoreClocks(store),
        counts=StoreResourceCounts(store),
        find_options=lambda search: find_options(search, words, clock.now()),
        composing=build_composing(documents, words, clock.now()),
        quick_groups=build_quick_groups(documents, words.content.keys),
        cards=build_cards(documents),
        needs=tuple(directory.categories.by_id),
        resources=places | lines,
        region=build_region_facts(directory.region),
    )


def build_composing(documents: Mapping[str, Any], words: Words, now: datetime) -> Mapping[str, Any]:
    """What the browser needs to warn by itself: our own digits, banned words, addresses that may be said."""
    places = words.directory.places.values()
    streets = [place.street for place in places if place.street and not place.confidential]
    phones = {flatten(place.gaps("en", SMS, now)["phone"])[-10:] for place in places}
    lines = {key for line in words.lines_at(now) for key in line.keys} | set(words.lines.aliases)
    rules = build_warning_rules(documents, streets)
    return {
        "known": sorted(digits for digits in phones | lines if digits.isdecimal()),
        "banned": {language: dict(groups) for language, groups in rules.banned.items()},
        "streets": list(rules.streets),
        "small": list(SMALL_LETTER_PATTERNS),
        "cased": list(CASED_PATTERNS),
    }


def find_options(search: Search, words: Words, now: datetime) -> Options:
    """Places as the bot would find them, with what must be weighed of each (C8)."""
    directory = words.directory
    area = find_area(search.area, home=directory.region.state) if search.area else None
    found = find_places(directory, need=search.need, area=area, age=search.age, language=search.language, now=now)
    line = words.lines.get(found.next_best_line)
    said = words.render(
        ReplyRef("number_given", {"line": found.next_best_line}),
        language=search.language,
        channel=search.channel,
        now=now,
    )
    return Options(
        places=[_build_option(match, search, words, now) for match in found.places],
        line_id=found.next_best_line,
        line_name=line.gaps(search.language, SMS)["name"],
        line_words=" ".join(said),
    )


def _build_option(match: Match, search: Search, words: Words, now: datetime) -> Option:
    place = match.place
    gaps = place.gaps(search.language, search.channel, now)
    key = "place_call_first" if match.call_first else "place_found"
    said = words.render(
        ReplyRef(key, {"place": match.reference}), language=search.language, channel=search.channel, now=now
    )
    confirmed = place.verification.assured_on is not None
    return Option(
        id=place.id,
        name=place.name,
        phone=gaps["phone"],
        hours=gaps["hours"],
        ages=(place.minimum_age, place.maximum_age),
        call_first=match.call_first,
        confirmed=confirmed and words.directory.serving(place, now) is Serving.NORMAL,
        related=match.related,
        facts={
            "parent_contact": place.parent_contact,
            "shares_with_police": place.shares_with_police,
            "under_18_alone": place.who["under_18_alone"],
            "walk_in": place.walk_in,
            "returns_after_running": place.returns_after_running,
            "faith_based": place.faith_based,
            "hidden_address": place.confidential,
        },
        words=" ".join(said),
    )


def build_region_facts(region: Region) -> RegionFacts:
    """What cards show of the region pack."""
    return RegionFacts(
        report_contacts=[
            (contact.name, contact.number, contact.hours, contact.verified) for contact in region.mandated_report
        ],
        emergency_policy=region.emergency_policy,
        emergency_policy_approved=region.emergency_policy_state == "approved by counsel",
        text_to_911=region.text_to_911,
        wellbeing=region.wellbeing,
    )
