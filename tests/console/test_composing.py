"""The browser counts and warns exactly as the worker does: the same texts through both, compared (A2, A8, V2)."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.async_api import Browser, Page
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from console.assets import STATIC
from hotline.gsm import Encoding, count_parts, fold_for_sms
from hotline.personal_numbers import find_personal_number
from hotline.reading import compute_grade
from hotline.reply_checks import find_problem
from hotline.reply_warnings import (
    CASED_PATTERNS,
    SMALL_LETTER_PATTERNS,
    build_warning_rules,
    find_address,
    find_banned,
)
from storage.content_files import load_documents
from tests.console.serving import serve

KNOWN = frozenset({"988", "741741", "8883737888", "7025550100", "2113331"})
STREETS = ("4981 Shirley St",)
DOCUMENTS = load_documents()
RULES = build_warning_rules(DOCUMENTS, STREETS)

ODD_TEXTS = [
    "",
    " ",
    "\n",
    "é\u0301\u0301 ÁÍÓÚ áéíóú ñ ü ¿Cómo estás?",
    "a" * 160,
    "a" * 161,
    "€" * 80,
    "€" * 81,
    "x" * 152 + "{" + "y" * 20,
    "😀" * 35,
    "😀" * 36,
    "★" * 70,
    "★" * 71,
    "“Hi” – it’s… fine\u00a0\u200bthen",
    "call me at 702-555-0199",
    "seven oh two five five five oh one nine nine",
    "siete cero dos cinco cinco cinco cero uno nueve nueve",
    "1 (888) 373-7888",
    "988 or 741741",
    "７０２５５５０１９９",
    "٧٠٢٥٥٥٠١٩٩",
    "\x1c7\x1c0\x852 555 0199",
    "555 0199",
    "12345678",
    "1" * 15,
    "1" * 16,
    "You should have told me. Are you safe?",
    "¿Por qué no te fuiste? Todo estará bien, no te preocupes.",
    "Prometemos ayuda. IMPORTANTE: visita hope.org/now hoy.",
    "constructor __proto__ toString",
    "I can't. You won't! It isn't... rhythm, people; everyone's idea.\n\nQuiet being.",
    "4981 Shirley St",
    "the door is at 1200 N Main Street, ring twice",
    "10 people on the street",
    "2 days, no way to drive",
    "456 Oak Hill Lane",
    "calle Juárez 123",
    "en la calle desde hace 3 días",
    "P.O. Box 55",
    "corner of Fifth and Main",
    "ſtreet 12 Kelvin K st",
    "İstanbul ΑΣ straße ǅ",
    "x" * 1600,
    "x" * 1601,
    "²³ ½ Ⅻ 五 words_with_lines mixed1digits",
    "AB ÑÜ ABC1 A",
]

PIECES = st.sampled_from(
    [
        *"abcdeghilmnoprstuyzáéíóúñü¿?¡!.,'’-()0123456789 \n",
        *("€", "😀", "★", "٣", "\u0301", "\u200b", "702", "555", "0199", "oh ", " five ", " siete "),
        *(" you should ", " safe ", " why ", " por qué ", " menor ", " said the ", "ing ", "es "),
        *(" 12 Oak ", " Street", " St.", " Lane", " calle ", " avenida ", "corner of ", " and "),
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)
ANY = st.text(st.characters(exclude_categories=("Cs", "Cn", "Co"), max_codepoint=0x1FFFF), max_size=60)


def count_as_sent(text: str) -> list[Any]:
    """Parts, characters, whether a character forces short parts, and whether SMS drops accents."""
    sent = fold_for_sms(text)
    parts = count_parts(sent)
    return [parts.count, len(text), parts.encoding is Encoding.UCS2, sent != text]


def run_python(text: str) -> dict[str, Any]:
    return {
        "lengths": [count_as_sent(text), [0, len(text), False, False]],
        "grades": [round(compute_grade(text, language), 9) for language in ("en", "es")],
        "personal": find_personal_number(text, KNOWN.__contains__),
        "problem": find_problem(text, KNOWN.__contains__, number_checked=False),
        "banned": [[list(found) for found in find_banned(text, language, RULES)] for language in ("en", "es", "xx")],
        "address": find_address(text, RULES),
    }


IN_BROWSER = """async ([texts, data]) => {
  const it = await import('/static/composing.js');
  const rules = it.readRules(data);
  const length = (text, channel) => { const one = it.countLength(text, channel);
    return [one.parts, one.characters, one.dear, one.folded]; };
  return texts.map((text) => ({
    lengths: ['sms', 'telegram'].map((channel) => length(text, channel)),
    grades: ['en', 'es'].map((language) => Math.round(it.computeGrade(text, language) * 1e9) / 1e9),
    personal: it.findPersonalNumber(text, rules.known),
    problem: it.findProblem(text, rules.known, false),
    banned: ['en', 'es', 'xx'].map((language) => it.findBanned(text, language, rules)),
    address: it.findAddress(text, rules),
  }));
}"""


def serve_data() -> dict[str, Any]:
    return {
        "known": sorted(KNOWN),
        "banned": RULES.banned,
        "streets": STREETS,
        "small": SMALL_LETTER_PATTERNS,
        "cased": CASED_PATTERNS,
    }


def make_texts(strategy: st.SearchStrategy[str], count: int) -> list[str]:
    texts: list[str] = []

    @settings(
        max_examples=count, database=None, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(strategy)
    def gather(text: str) -> None:
        texts.append(text)

    gather()
    return texts


@asynccontextmanager
async def open_page(browser: Browser) -> AsyncIterator[Page]:
    async def empty(_: object) -> HTMLResponse:
        return HTMLResponse("<!doctype html><title>t</title>")

    app = Starlette(routes=[Route("/", empty), Mount("/static", StaticFiles(directory=STATIC))])
    async with serve(app) as url:
        page = await browser.new_page()
        await page.goto(url)
        yield page
        await page.close()


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
async def test_the_browser_and_the_worker_agree_on_every_text(browser: Browser) -> None:
    """A2, A8: what an advocate reads beside the box is what the worker will find."""
    replies = [
        text
        for name, document in DOCUMENTS.items()
        if name.startswith("replies/")
        for entry in document["replies"].values()
        for text in ([entry["text"]] if isinstance(entry["text"], str) else entry["text"])
    ]
    made = await asyncio.to_thread(lambda: make_texts(TEXTS, 1500) + make_texts(ANY, 800))
    texts = [*ODD_TEXTS, *replies, *made]
    expected = [run_python(text) for text in texts]
    async with open_page(browser) as page:
        found = await page.evaluate(IN_BROWSER, [texts, json.loads(json.dumps(serve_data()))])
    different = [(text, one, other) for text, one, other in zip(texts, expected, found, strict=True) if one != other]
    assert different == []
    assert sum(one["personal"] for one in expected) > 20
    assert sum(one["address"] for one in expected) > 20
    assert sum(bool(one["banned"][0]) for one in expected) > 100
