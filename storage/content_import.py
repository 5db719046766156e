"""Takes places from elsewhere in: a plan over what is live, and one draft that goes the way of every change (G2, G4).

Nothing is live by an import. What comes for a better verified record is a conflict of the draft: it cannot go live
before somebody has chosen, and whoever chooses has written it, so that somebody else approves.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hotline.content_entries import put_entry
from hotline.content_merge import MISSING, Conflict
from hotline.content_review import Draft
from hotline.exchange.entry import ORGANIZATION
from hotline.exchange.plan import Choice, Kind, Plan, plan_import
from storage.content_desk import ContentDesk
from storage.content_sets import LiveSet
from storage.content_texts import parse_texts, write_document

_LONGEST_NOTE = 480
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Given:
    """What comes: services of HSDS, and the name of the list. ``whole``: an export of an installation of our own."""

    services: Iterable[Mapping[str, Any]]
    name: str
    region: str
    whole: bool = False


async def plan_over(live: LiveSet, given: Given, today: date) -> Plan:
    """What taking it in would do to what is live; changes nothing. Raises ContentError if what is live cannot stand."""
    # Seconds for a long list: advocates' pages must not wait for it.
    return await asyncio.to_thread(_plan, live, given, today)


async def land(
    desk: ContentDesk, author: str, given: Given, today: date, *, others: tuple[str, ...] = ()
) -> tuple[Plan, Draft | None]:
    """The plan, and the one draft that it became; None if it changes nothing. Raises ContentError and StoreError.

    ``others`` are said to have written it besides.
    """
    live = await desk.load_live()
    plan = await plan_over(live, given, today)
    texts = await asyncio.to_thread(_write, live, plan)
    if not texts:
        return plan, None
    note, conflicts = tell_plan(plan, given.name), tuple(_list_conflicts(plan.choices))
    draft = await desk.begin(
        author, texts, note, base_version=live.version, origin="import", others=others, conflicts=conflicts
    )
    return plan, draft


def tell_plan(plan: Plan, name: str) -> str:
    """The plan in one line for the history: our own keys and counts, nothing that the list says."""
    plain = "".join(sign if sign.isprintable() else "?" for sign in name)[:_LONGEST_NAME]
    chosen = [choice.here.key for choice in plan.choices]
    left = [item.key or "a new one" for item in plan.items if item.kind is Kind.CONFLICT and item.choice is None]
    said = f"Import of {plain}: {plan.count(Kind.ADD)} new, {plan.count(Kind.CHANGE)} changed"
    said += f"; to choose: {', '.join(chosen)}" if chosen else ""
    said += f"; left out, to be looked at: {', '.join(left)}" if left else ""
    return said if len(said) <= _LONGEST_NOTE else f"{said[: _LONGEST_NOTE - 3]}..."


def _plan(live: LiveSet, given: Given, today: date) -> Plan:
    documents = parse_texts(live.texts)
    return plan_import(given.services, documents, region=given.region, today=today, whole=given.whole)


def _write(live: LiveSet, plan: Plan) -> dict[str, str]:
    """The changed documents; where somebody has to choose, with what comes, as a draft shows its own side."""
    documents = dict(plan.documents)
    for conflict in _list_conflicts(plan.choices):
        path = conflict.path
        document = documents[path] if path in documents else parse_texts({path: live.texts[path]})[path]
        documents[path] = put_entry(document, conflict.entry, conflict.ours)
    return {path: write_document(document, live.texts.get(path, "")) for path, document in documents.items()}


def _list_conflicts(choices: Iterable[Choice]) -> Iterable[Conflict]:
    for choice in choices:
        here, offered, path = choice.here, choice.offered, choice.here.document
        yield Conflict(("services", here.key), here.service, offered.service, here.service, path)
        for name in ORGANIZATION:
            was, comes = here.organization.get(name, MISSING), offered.organization.get(name, MISSING)
            if was != comes:
                yield Conflict(("organization", name), was, comes, was, path)
