"""The page for reviewers: every line that a texter can receive, both languages side by side (V10)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app.content_check import Facts, Measure, measure_content
from hotline.content import LANGUAGES, Content, ReplyLine, read_content
from hotline.gsm import fold_for_sms

PAGE = "docs/what-it-says.md"
MOMENT = datetime(2026, 6, 1, tzinfo=UTC)
"""The week for which hours are filled in; a fixed one, so that the same content gives the same page."""

_HEAD = """# What Porchlight says

Every line that a young person can receive, made from `safety_content/` by `porchlight content page`; a test keeps it
true. Grades are reading grades; parts are SMS parts with every gap filled by its longest value. `{...}` is filled in
when a line is sent: numbers come from `safety_content/numbers.yml`, places from the directory.

Nobody has approved these lines yet where it says *drafted*. A reviewer reads each one as a scared fourteen-year-old
whose phone is being read by someone else.
"""


def build_page(documents: Mapping[str, Any], facts: Facts) -> str:
    """The whole page as Markdown. Raises ContentError where the documents cannot be read as replies."""
    content = read_content(documents)
    measures = {(row.language, row.key): row for row in measure_content(documents, facts)}
    lines = [_HEAD]
    for title, keys in _list_chapters(documents, content):
        lines += [f"\n## {title}\n", *(_describe(key, content, measures) for key in keys)]
    return "\n".join(lines).rstrip() + "\n"


def _list_chapters(documents: Mapping[str, Any], content: Content) -> Iterator[tuple[str, Sequence[str]]]:
    first = f"replies/{LANGUAGES[0]}/"
    for name in sorted(documents):
        if name.startswith(first):
            yield name.removeprefix(first).replace("_", " ").capitalize(), list(documents[name]["replies"])


def _describe(key: str, content: Content, measures: Mapping[tuple[str, str], Measure]) -> str:
    line = content.reply(key, LANGUAGES[0])
    topic = content.topics.get(key)
    heads = [f"### {key}", *([f"*About:* {topic.group}" if topic else ""]), *_say_ways(line)]
    rows = [_say_words(content.reply(key, language), measures[language, key]) for language in content.lines]
    return "\n\n".join(part for part in (*heads, *rows) if part) + "\n"


def _say_ways(line: ReplyLine) -> Iterator[str]:
    ways = ", ".join(f"{number} {option}" for number, option in enumerate(line.offers, 1))
    if ways or line.no:
        yield f"*Leads to:* {ways}" + (f"; no: {line.no}" if line.no else "")


def _say_words(line: ReplyLine, measure: Measure) -> str:
    pending = f", owed: {', '.join(line.review.pending)}" if line.review.pending else ""
    state = f"{line.review.state} {line.review.on}{pending}"
    head = f"**{measure.language}** (grade {measure.grade:.1f}, {measure.parts.count} part(s), {state})"
    return "\n".join([head, *(f"> {part}" for text in line.texts for part in _say_text(text))])


def _say_text(text: str) -> Iterator[str]:
    said = text.replace("\n", " / ")
    yield said
    if fold_for_sms(said) != said:
        yield f"\n> *as SMS:* {fold_for_sms(said)}"
