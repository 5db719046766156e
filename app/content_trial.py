"""Tries an entry while somebody types it: the one checker, and how the entry looks, in a process of its own (G1).

``python -m app.content_trial`` reads one JSON object (texts, mode, region, hotline_name, kind, entry, sample) from
standard input and prints faults, screens and levels. Nothing is kept, and nothing of a texter goes in or out.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from app.content_gate import Identity, find_faults

if TYPE_CHECKING:
    from app.content_check import Facts
    from console.editing import Sample, Screen, Trial
    from hotline.content import Content

_NICER = 10
_LOCK_SCREEN = 40
_SAYING = {"lines": ("number_given", "line"), "places": ("place_found", "place")}


def try_entry(
    texts: Mapping[str, str], identity: Identity, kind: str, entry: str, sample: "Sample | None" = None
) -> "Trial":
    """Faults and screens of one entry of a set, and levels of a sample. A fault of content stands in the answer."""
    from console.editing import Trial
    from hotline.errors import ContentError

    faults = find_faults(texts, identity, whole=False)
    if faults:
        return Trial(tuple(faults))
    if sample is not None:
        return _judge(texts, sample)
    try:
        return _look(texts, identity, kind, entry)
    except (ContentError, LookupError) as error:
        # Such as a place that is not served: there is nothing to see of it.
        return Trial((str(error),)) if kind == "replies" else Trial()


def _judge(texts: Mapping[str, str], sample: "Sample") -> "Trial":
    from app.content_levels import compare
    from console.editing import Trial
    from hotline.errors import ContentError
    from storage.content_texts import parse_texts

    live = {path: text for path, text in {**texts, **sample.live}.items() if text is not None}
    try:
        return Trial(judged=compare(sample.text, parse_texts(live), parse_texts(texts)))
    except ContentError as error:
        return Trial((str(error),))


def _look(texts: Mapping[str, str], identity: Identity, kind: str, entry: str) -> "Trial":
    from app.content_check import build_facts, check_content
    from console.editing import Trial
    from hotline.content import read_content
    from storage.content_texts import parse_texts

    documents = parse_texts(texts)
    facts = build_facts(documents, region=identity.region, now=datetime.now(UTC))
    if kind == "replies":
        faults = tuple(str(fault) for fault in check_content(documents, facts, keys={entry}))
        return Trial(faults, tuple(_list_screens(read_content(documents), facts, identity, entry, {})))
    if kind in _SAYING:
        key, gap = _SAYING[kind]
        return Trial((), tuple(_list_screens(read_content(documents), facts, identity, key, {gap: entry})))
    return Trial()


def _list_screens(
    content: "Content", facts: "Facts", identity: Identity, key: str, params: Mapping[str, str]
) -> Iterator["Screen"]:
    from console.editing import Screen
    from hotline.gsm import split_parts
    from hotline.messages import SMS, TELEGRAM

    for language in content.lines:
        said = _render(key, language, SMS, content, facts, identity, params)
        ways = content.reply(key, language).offers
        yield Screen(
            language=language,
            lock=_cut(" ".join(said)),
            sms=tuple(part for message in said for part in split_parts(message)),
            chat=_render(key, language, TELEGRAM, content, facts, identity, params),
            ways=tuple((way, _say_next(way, language, content, facts, identity)) for way in ways),
        )


def _cut(text: str) -> str:
    return text if len(text) <= _LOCK_SCREEN else f"{text[:_LOCK_SCREEN]}…"


def _say_next(way: str, language: str, content: "Content", facts: "Facts", identity: Identity) -> str:
    from hotline.messages import SMS

    if way not in content.keys:
        return ""
    return " ".join(_render(way, language, SMS, content, facts, identity, {}))


def _render(
    key: str,
    language: str,
    channel: Any,
    content: "Content",
    facts: "Facts",
    identity: Identity,
    params: Mapping[str, str],
) -> tuple[str, ...]:
    from app.content_check import render_all
    from hotline.ports import ReplyRef
    from hotline.replies import render

    if not params:
        return next(render_all(key, language, channel, content, facts, identity.hotline_name), ())
    return render(
        ReplyRef(key, params),
        language=language,
        channel=channel,
        content=content,
        lines=facts.lines,
        directory=facts.directory,
        now=facts.moments[0],
        hotline_name=identity.hotline_name,
    )


def main() -> None:
    """The process."""
    os.nice(_NICER)
    asked = json.load(sys.stdin)
    identity = Identity(asked["mode"], asked["region"], asked["hotline_name"])
    from console.editing import Sample

    sample = Sample(**asked["sample"]) if asked.get("sample") else None
    json.dump(asdict(try_entry(asked["texts"], identity, asked["kind"], asked["entry"], sample)), sys.stdout)


if __name__ == "__main__":
    main()
