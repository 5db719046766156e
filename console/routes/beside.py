"""Beside the chat: rules for composing, cards, places, a blank form. Nothing of a texter comes in (A3, H8)."""

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from console.beside import Search
from console.beside_page import pick_cards
from console.context import Visit
from console.guards import Guard, RouteRow
from hotline.messages import CHANNELS, SMS
from hotline.reply_checks import LONGEST_REPLY

LONGEST_AREA = 60
OLDEST = 25

_COUNTING = ("parts_one", "parts_many", "characters", "of", "folded", "dear")


async def serve_composing(visit: Visit) -> Response:
    """What the browser warns by, with the words of its warnings: the text in the box stays there (A2, A8)."""
    all_words = visit.console.pages.words(visit.language)
    words = {**all_words["composing"], **{key: all_words["reply"][key] for key in _COUNTING}}
    return JSONResponse({**visit.console.beside.composing, "words": words, "longest": LONGEST_REPLY})


async def show_cards(visit: Visit) -> Response:
    """Every card on one page, to read without a conversation."""
    cards, beside = pick_cards(visit), visit.console.beside
    return visit.console.pages.respond("cards.html", visit.language, visit=visit, cards=cards, beside=beside)


async def find_options(visit: Visit) -> Response:
    """At most three places for a need. Asked by POST, so that an area and an age stand in no log of addresses."""
    form, beside = visit.form, visit.console.beside
    language = form.get("language", "")
    search = Search(
        need=form.get("need", ""),
        area=form.get("area", "").strip(),
        age=_parse_age(form.get("age", "").strip()),
        language=language if language in visit.console.quick_replies else "en",
        channel=next((channel for channel in CHANNELS if channel == form.get("channel")), SMS),
    )
    if search.need not in beside.needs or len(search.area) > LONGEST_AREA:
        raise HTTPException(400)
    options = beside.find_options(search)
    return visit.console.pages.respond(
        "parts/referral_options.html", visit.language, options=options, speech=search.language
    )


async def record_referral(visit: Visit) -> Response:
    """Counts that a place was given, and agreed to or not: no conversation, no person (O4)."""
    resource, agreed = visit.form.get("resource", ""), visit.form.get("agreed", "")
    if resource not in visit.console.beside.resources or agreed not in {"yes", "no"}:
        raise HTTPException(400)
    day = visit.console.clock.now().date()
    await visit.console.beside.counts.record_referral(resource, agreed == "yes", day)
    return visit.console.pages.respond("parts/done.html", visit.language, text="referral_recorded")


async def show_report_form(visit: Visit) -> Response:
    """A blank form for a report made outside: filled in the browser or on paper, sent nowhere (A4)."""
    region = visit.console.beside.region
    return visit.console.pages.respond("report_form.html", visit.language, visit=visit, region=region)


def _parse_age(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 2:
        raise HTTPException(400)
    return min(int(text), OLDEST)


ROWS: tuple[RouteRow, ...] = (
    ("/composing", serve_composing, ("GET",), Guard("reply", passive=True)),
    ("/cards", show_cards, ("GET",), Guard("see_waiting")),
    ("/referral/options", find_options, ("POST",), Guard("reply")),
    ("/referral/record", record_referral, ("POST",), Guard("reply")),
    ("/report-form", show_report_form, ("GET",), Guard("reply")),
)
