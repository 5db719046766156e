"""What doctor sees of the content that is live: faults, freshness, and whether enough people keep it true (D3, G2)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from app.content_gate import ContentGate, Identity
from app.content_wiring import build_content_desk
from app.settings import Settings
from hotline.errors import ContentError
from hotline.findings import Finding, look, well, wrong
from hotline.numbers import build_lines
from hotline.regions import build_region
from hotline.resources import build_directory
from hotline.verification import Freshness, Serving, decide_serving, find_freshness
from storage.connection import Store, StoreError
from storage.content_files import CONTENT_FOLDER
from storage.content_texts import load_texts, parse_texts

_LEAST_PEOPLE = 3
_SHOWN = 5


async def check_content_state(settings: Settings, *, whole: bool = True) -> list[Finding]:
    """Findings of what is served now. Raises nothing; asks the one checker, which takes seconds.

    ``whole`` False asks it only whether every program can serve what is live.
    """
    store = Store(settings.redis_url.reveal())
    try:
        desk = build_content_desk(settings, store)
        version = await desk.sets.find_live()
        files = load_texts(CONTENT_FOLDER)
        texts = (await desk.sets.load(version)).texts if version else files
        found = [well("content", f"version {version} is live" if version else "the files are served")]
        if version and dict(await desk.sets.load_files() or {}) != dict(files):
            why = "words of the new release may mend something"
            found.append(look("content", "a release's changes were never looked at", why, "porchlight content import"))
        found += judge_people(len(await desk.list_approvers()))
        gate = ContentGate(Identity(settings.mode, settings.region, settings.hotline_name))
        faults = list(await gate.check(texts, whole))
        found += judge_faults(faults)
        return found + list(judge_freshness(parse_texts(texts), settings, datetime.now(UTC)))
    except (StoreError, ContentError, OSError, TimeoutError) as error:
        return [
            wrong("content", f"it cannot be read ({type(error).__name__})", "nobody can tell", "see the store first")
        ]
    finally:
        await store.aclose()


def judge_people(approvers: int) -> list[Finding]:
    """Whether there are enough administrators and supervisors to write and approve."""
    if not approvers:
        remedy = "porchlight staff invite NAME --role admin"
        return [wrong("people", "nobody may change content or approve it", "a wrong number stays", remedy)]
    if approvers < _LEAST_PEOPLE:
        why = "crisis texts and numbers need two beside who wrote them"
        remedy = "invite another administrator or supervisor"
        return [
            look("people", f"{approvers} may change or approve content, {_LEAST_PEOPLE} are the least", why, remedy)
        ]
    return [well("people", f"{approvers} may change or approve content")]


def judge_faults(faults: list[str]) -> list[Finding]:
    """What the checker says, the first few lines of it."""
    remedy = "mend it in the console, or roll back: porchlight content rollback"
    more = [look("content", f"{len(faults) - _SHOWN} more faults", "see the first ones", remedy)]
    found = [wrong("content", fault, "texters may get it", remedy) for fault in faults[:_SHOWN]]
    return (found + (more if len(faults) > _SHOWN else [])) or [well("content", "no fault")]


def judge_freshness(documents: Mapping[str, Any], settings: Settings, now: datetime) -> Iterator[Finding]:
    """How many lines and places are hidden or old, since nobody confirmed them (D3). Raises ContentError."""
    lines = list(build_lines(documents))
    hidden = [one.id for one in lines if _is_hidden(one, settings.mode, now)]
    remedy = "phone them and confirm each: porchlight content confirm, or the console's list of what to verify"
    if hidden:
        named = ", ".join(hidden[:_SHOWN]) + (" ..." if len(hidden) > _SHOWN else "")
        yield wrong(
            "numbers", f"{len(hidden)} of {len(lines)} lines are hidden: {named}", "nobody confirmed them", remedy
        )
    directory = build_directory(documents, build_region(documents, settings.region), settings.mode)
    states = Counter(find_freshness(one.verification, now) for one in directory.places.values())
    fresh, number = states[Freshness.FRESH], len(directory.places)
    if not number:
        why = "whoever needs a bed is given a line instead"
        yield wrong("places", "none may be served", why, "vet and confirm places: docs/region_pack.md")
    elif fresh < number:
        yield look(
            "places", f"{number - fresh} of {number} were not confirmed within 90 days", "they come last", remedy
        )
    else:
        yield well("places", f"{number}, all confirmed within 90 days")


def _is_hidden(line: Any, mode: str, now: datetime) -> bool:
    serving = decide_serving(line.verification, mode=mode, now=now, never_hidden=line.never_hidden)
    return serving is Serving.HIDDEN
