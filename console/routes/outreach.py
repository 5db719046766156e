"""Print for outreach: files to download, the register of batches, the staff word of the month (O1-O3)."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from console.context import Visit
from console.guards import Guard, RouteRow
from console.printing import PrintChoice, list_whole_months, read_rows
from hotline.errors import ContentError
from storage.outreach_codes import NoCodeLeft

NOTICES = ("made", "ended", "no_code", "wrong", "too_small")
LANGUAGES = ("en", "es", "both")
_MOST_COPIES = 100_000
_ONE_AT_A_TIME = asyncio.Semaphore(1)
"""Printing takes a processor: two who click at once must not slow the console down for advocates."""


async def show_outreach(visit: Visit) -> Response:
    """The whole page; ``?notice=`` is a code from NOTICES."""
    desk, today = visit.console.printing, visit.console.clock.now().date()
    notice = visit.request.query_params.get("notice", "")
    return visit.console.pages.respond(
        "outreach.html",
        visit.language,
        visit=visit,
        desk=desk,
        rows=await read_rows(desk, today),
        months=list_whole_months(today),
        staff_word=(await desk.codes.staff_word(desk.site_words, today)).upper(),
        languages=LANGUAGES,
        notice=notice if notice in NOTICES else "",
    )


async def download(visit: Visit) -> Response:
    """One file. A code that no batch has is never printed: nobody would count it. Raises HTTPException 400."""
    desk, asked = visit.console.printing, visit.request.query_params
    choice = PrintChoice(
        product=asked.get("product", ""),
        language=asked.get("language", ""),
        style=asked.get("style", ""),
        form=asked.get("form", ""),
        code=asked.get("code", ""),
        qr=asked.get("qr") == "yes",
    )
    known = choice.product in desk.products and choice.style in desk.styles and choice.form in desk.forms
    if not known or choice.language not in LANGUAGES or not desk.number:
        raise HTTPException(400)
    if choice.code and await desk.codes.find_batch(choice.code) is None:
        raise HTTPException(400)
    try:
        async with _ONE_AT_A_TIME:
            printed = await asyncio.to_thread(desk.make, choice)
    except ContentError:
        return RedirectResponse("/outreach?notice=too_small", 303)
    name = f"{choice.product}-{choice.language}.{printed.ending}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(printed.content, media_type=printed.media_type, headers=headers)


async def add_batch(visit: Visit) -> Response:
    """Registers a batch and draws its code."""
    desk, form = visit.console.printing, visit.form
    product, language, copies = form.get("product", ""), form.get("language", ""), form.get("copies", "")
    # isdecimal() alone would also take digits of other scripts, and a number as long as the form.
    fits = copies.isascii() and copies.isdecimal() and len(copies) <= 6 and 0 < int(copies) <= _MOST_COPIES
    if product not in desk.products or language not in LANGUAGES or not fits:
        return RedirectResponse("/outreach?notice=wrong", 303)
    try:
        today = visit.console.clock.now().date()
        await desk.codes.add_batch(desk.site_words, product, language, int(copies), today)
    except NoCodeLeft:
        return RedirectResponse("/outreach?notice=no_code", 303)
    return RedirectResponse("/outreach?notice=made", 303)


async def end_batch(visit: Visit) -> Response:
    """Forgets a batch that nobody carries any more."""
    await visit.console.printing.codes.end_batch(visit.form.get("code", ""))
    return RedirectResponse("/outreach?notice=ended", 303)


ROWS: tuple[RouteRow, ...] = (
    ("/outreach", show_outreach, ("GET",), Guard("print_cards")),
    ("/outreach/file", download, ("GET",), Guard("print_cards")),
    ("/outreach/batches", add_batch, ("POST",), Guard("print_cards")),
    ("/outreach/batches/end", end_batch, ("POST",), Guard("print_cards")),
)
