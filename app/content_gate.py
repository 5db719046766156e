"""The one checker, asked about a whole set of content in a process of its own, so that no page and no turn waits.

``python -m app.content_gate`` reads one JSON object from standard input (texts, mode, region, hotline_name, whole) and
prints a JSON list of faults. Nothing of a texter goes in or out.
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.programs import ROOT
from hotline.errors import PorchlightError

_LONGEST_SECONDS = 240.0
_NICER = 10
_FAULTS = (PorchlightError, AttributeError, KeyError, TypeError, ValueError, LookupError)
_NO_ANSWER = "the checker did not answer; try again"


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose words are checked."""

    mode: str
    region: str
    hotline_name: str


class ContentGate:
    """Asks the checker; one at a time, since it takes a processor for seconds."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._one = asyncio.Lock()

    async def check(self, texts: Mapping[str, str], whole: bool) -> Sequence[str]:
        """Faults in words. ``whole``: the whole checker; else only whether every program can serve the set.

        A checker that dies or takes too long is a fault too: what nobody checked does not go live.
        """
        identity = self._identity
        asked = {"texts": dict(texts), "whole": whole, "mode": identity.mode, "region": identity.region}
        told = json.dumps({**asked, "hotline_name": identity.hotline_name}).encode()
        async with self._one:
            return await _ask(told)


async def _ask(told: bytes) -> Sequence[str]:
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.content_gate",
        cwd=ROOT,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            answer, _ = await process.communicate(told)
        faults = json.loads(answer)
    except (TimeoutError, ValueError):
        return [_NO_ANSWER]
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return [str(fault) for fault in faults]


def find_faults(texts: Mapping[str, str], identity: Identity, *, whole: bool) -> list[str]:
    """What is wrong with a set, in words.

    A set that cannot be served is looked at as programs serve it all the same, with what only the files of this release
    have: that a release asks for more must hide no other fault.
    """
    from hotline.content_acts import complete
    from storage.content_files import load_documents
    from storage.content_texts import parse_texts

    try:
        documents = parse_texts(texts)
        unfit = _find_unfit(documents, identity)
        if not unfit:
            return _check(documents, identity) if whole else []
        faults, files = [unfit], load_documents()
        for numbers in (False, True):
            completed = complete(documents, files, numbers=numbers)
            still = _find_unfit(completed, identity) if completed != documents else unfit
            if not still:
                return [unfit, *(_check(completed, identity) if whole else ())]
            faults.append(still)
        return list(dict.fromkeys(faults))
    except _FAULTS as error:
        return [_tell(error)]


def _check(documents: Mapping[str, Any], identity: Identity) -> list[str]:
    from app.content_check import build_facts, check_content
    from app.read_catalogue import Catalogue

    Catalogue(documents, region=identity.region, mode=identity.mode, now=datetime.now(UTC))
    facts = build_facts(documents, region=identity.region, now=datetime.now(UTC))
    return [str(fault) for fault in check_content(documents, facts)]


def _find_unfit(documents: Mapping[str, Any], identity: Identity) -> str:
    """The first thing for which some program could not serve the documents; empty if all can."""
    try:
        _build_everything(documents, identity)
    except _FAULTS as error:
        return _tell(error)
    return ""


def _tell(error: Exception) -> str:
    if isinstance(error, PorchlightError):
        return str(error)
    return f"a document does not have the form that its reader wants ({type(error).__name__})"


def _build_everything(documents: Mapping[str, Any], identity: Identity) -> None:
    """Every part that any program makes of the content, as it makes it."""
    from app.beside import build_composing, build_region_facts
    from app.console import build_quick_words
    from app.content_anchor import check_heard
    from app.content_rules import build_rules as build_word_rules
    from app.cover_file import Taken
    from bot.actions.knowledge import build_knowledge
    from hotline.cards import build_cards
    from hotline.choices import build_choice_words
    from hotline.keywords import build_keywords
    from hotline.language import build_languages
    from hotline.outreach_words import build_staff_needs
    from hotline.practice_line import build_scenarios
    from hotline.screening import build_rules
    from hotline.staff_page import build_staff_page
    from hotline.training import build_courses
    from outreach.cards import build_print_words

    words, _ = build_quick_words(identity, documents)
    check_heard(build_rules(documents))
    for build in (build_word_rules, build_keywords, build_languages, build_choice_words, Taken):
        build(documents)
    for build_more in (build_staff_page, build_staff_needs, build_print_words, build_scenarios, build_cards):
        build_more(documents)
    build_courses(documents["training"])
    build_composing(documents, words, datetime.now(UTC))
    build_region_facts(words.directory.region)
    build_knowledge(documents, identity.region, identity.mode)


def main() -> None:
    """The process."""
    os.nice(_NICER)
    asked = json.load(sys.stdin)
    identity = Identity(asked["mode"], asked["region"], asked["hotline_name"])
    json.dump(find_faults(asked["texts"], identity, whole=asked["whole"]), sys.stdout)


if __name__ == "__main__":
    main()
