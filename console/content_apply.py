"""What a posted form makes of the documents: fields put back, and what it keeps true by itself (G1, D3, D4)."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from typing import Any

from console.content_fields import find_value, put_values
from console.content_forms import Part
from console.content_region import settle_contacts
from console.content_specs import ADDRESS_FIELDS, CONFIDENTIAL
from console.content_terms import check_term
from hotline.content_entries import find_entry, put_entry
from hotline.content_merge import MISSING, Entry
from hotline.content_review import Change, find_stale_confirmations
from hotline.exchange.hiding import drop_beside_hidden, drop_elsewhere

CONFIRMED = "confirmed_today"


def apply_form(
    kind: str, parts: tuple[Part, ...], documents: Mapping[str, Any], form: Mapping[str, str], *, by: str, day: date
) -> dict[str, Any]:
    """The documents that a posted form changes, by path. Raises FormFault."""
    changed: dict[str, Any] = {}
    for part in parts:
        document = changed.get(part.path, documents[part.path])
        before = find_entry(document, part.entry)
        after = _drop_emptied(put_values(before, part.fields, form), before, part.lists)
        if kind == "places" and part.heading == "address":
            _fill_address(after, form)
        if kind in {"lines", "places"} and isinstance(after, Mapping):
            after = _answer_for(find_entry(documents[part.path], part.entry), after, form, part, by=by, day=day)
        if kind == "replies" and after != before:
            after["review"] = _begin_review(before, documents[part.path], day)
        if part.entry == ("mandated_report",) and after != before:
            after = settle_contacts(before, after)
        if part.heading == "term" and after != before:
            check_term(after, documents[part.path].get("defaults") or {})
        if after != before:
            changed[part.path] = put_entry(document, part.entry, after)
    if kind == "cards" and changed:
        changed |= _review_card(parts, documents, changed, day)
    locked = {path: lock_addresses(path, document) for path, document in changed.items()}
    locked |= _forget_kept(parts, documents, locked) if kind == "places" else {}
    return {path: document for path, document in locked.items() if document != documents[path]}


def _drop_emptied(after: Any, before: Any, lists: Sequence[Entry]) -> Any:
    """Without the items that somebody emptied; ``after`` is a copy already wherever it differs."""
    for way in lists if after != before else ():
        items = find_value(after, way)
        if isinstance(items, list):
            items[:] = [one for one in items if not _is_empty(one)]
    return after


def _is_empty(item: Any) -> bool:
    # Who confirmed what is not there any more says nothing.
    return isinstance(item, Mapping) and all(
        item[key] in (None, "", []) for key in {*item} - {"assured_date", "verified_by"}
    )


def _review_card(
    parts: Sequence[Part], documents: Mapping[str, Any], changed: Mapping[str, Any], day: date
) -> dict[str, Any]:
    """A card is reviewed as one: with new words in one language its other language is reviewed by nobody either."""
    cards = {part.path: changed.get(part.path, documents[part.path]) for part in parts}
    return {
        path: {**card, "review": _begin_review(card, documents[path], day)}
        for path, card in cards.items()
        if path in changed or (card.get("review") or {}).get("state") != "drafted"
    }


def _forget_kept(parts: tuple[Part, ...], documents: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Records from elsewhere that could tell where a place is go with its address, in whatever document (D4)."""
    place = next(part for part in parts if part.heading == "address")
    if place.path not in changed:
        return {}
    before, after = (find_entry(given.get(place.path), place.entry) for given in (documents, changed))
    if after is MISSING or after["porchlight"].get(CONFIDENTIAL) is False:
        return {}
    known = [one for one in (before, after) if one is not MISSING]
    found = drop_elsewhere({**documents, **changed}, place.path, known)
    return {**found, place.path: drop_beside_hidden(changed[place.path])}


def _begin_review(before: Mapping[str, Any], document: Mapping[str, Any], day: date) -> dict[str, Any]:
    """New words have been reviewed by nobody; what was owed is still owed."""
    old = before.get("review") or document.get("review") or {}
    return {"state": "drafted", "on": day} | ({"pending": old["pending"]} if old.get("pending") else {})


def lock_addresses(path: str, document: Any) -> Any:
    """A document of places without any address that is not known to be open, whoever wrote it and where (D4)."""
    places = document.get("services") if path.startswith("directory/") and isinstance(document, Mapping) else None
    return {**document, "services": list(map(_lock_address, places))} if isinstance(places, list) else document


def _lock_address(place: Any) -> Any:
    if not isinstance(place, Mapping):
        return place
    ours = place.get("porchlight")
    if isinstance(ours, Mapping) and ours.get(CONFIDENTIAL) is False:
        return place
    kept = {key: value for key, value in place.items() if key != "service_at_locations"}
    if isinstance(ours, Mapping):
        kept["porchlight"] = {key: value for key, value in ours.items() if key != "near"}
    return kept


def _fill_address(after: Any, form: Mapping[str, str]) -> None:
    """What the standard wants beside an address that somebody typed."""
    typed = any(form.get(name, "").strip() for name in ADDRESS_FIELDS[:-1])
    for place in after.get("service_at_locations") or () if typed else ():
        place["location"].setdefault("location_type", "physical")
        for address in place["location"].get("addresses") or ():
            address.setdefault("country", "US")
            address.setdefault("address_type", "physical")


def _answer_for(before: Any, after: Any, form: Mapping[str, str], part: Part, *, by: str, day: date) -> Any:
    """Who phoned today answers for it; a new number that nobody phoned is confirmed by nobody (D3)."""
    stale = find_stale_confirmations([Change(part.path, part.entry, before, after)])
    confirmed = form.get(CONFIRMED) == "yes"
    if not confirmed and not stale:
        return after
    after = deepcopy(after)
    after["assured_date"] = day if confirmed else None
    home = after.get("porchlight", after)
    home["verified_by"] = by if confirmed else None
    if home.get("expires_on") is not None:
        home["expires_on"] = None
    return after
