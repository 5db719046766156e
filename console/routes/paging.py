"""Your pages: how one may be paged when someone waits; a phone counts once its code came back (A6, H3)."""

from starlette.responses import RedirectResponse, Response

from console.context import Visit
from console.guards import Guard, RouteRow
from console.paging import parse_us_number
from hotline.messages import Address
from storage.contacts import BROWSER, PHONE, TooMany
from storage.page_queue import CODE, TEST
from storage.push_endpoints import check_endpoint

NOTICES = ("browser_added", "code_sent", "proved", "removed", "tested")
PROBLEMS = ("endpoint", "number", "too_many_ways", "too_many_codes", "wrong_code", "too_many_guesses", "no_way")


async def show_ways(visit: Visit) -> Response:
    """Every way to page this person, masked, and how to add one."""
    notice = visit.request.query_params.get("notice", "")
    return await _page(visit, notice=notice if notice in NOTICES else "")


async def add_browser(visit: Visit) -> Response:
    """Keeps the push service's address of this browser."""
    endpoint, desk = visit.form.get("endpoint", ""), visit.console.paging
    try:
        check_endpoint(endpoint, practice=desk.practice)
    except ValueError:
        return await _page(visit, problem="endpoint")
    try:
        await desk.contacts.add(visit.advocate.name, BROWSER, Address(endpoint), visit.console.clock.now(), proved=True)
    except TooMany:
        return await _page(visit, problem="too_many_ways")
    return _back("browser_added")


async def add_phone(visit: Visit) -> Response:
    """Keeps a number that does not count yet, and has a code sent to it."""
    typed, desk, name = visit.form.get("number", "")[:40], visit.console.paging, visit.advocate.name
    number = parse_us_number(typed)
    if number is None:
        return await _page(visit, problem="number", typed=typed)
    try:
        way = await desk.contacts.add(name, PHONE, number, visit.console.clock.now(), proved=False)
    except TooMany:
        return await _page(visit, problem="too_many_ways", typed=typed)
    if way.proved:
        return _back("proved")
    try:
        await desk.contacts.create_proof(way)
    except TooMany:
        return await _page(visit, problem="too_many_codes")
    await desk.queue.ask(CODE, name, way.id)
    return _back("code_sent")


async def prove_phone(visit: Visit) -> Response:
    """The code that came to the phone, typed back."""
    way, code = visit.form.get("way", "")[:40], "".join(visit.form.get("code", "")[:20].split())
    try:
        proved = await visit.console.paging.contacts.prove(visit.advocate.name, way, code)
    except TooMany:
        return await _page(visit, problem="too_many_guesses")
    return _back("proved") if proved else await _page(visit, problem="wrong_code")


async def link_chat(visit: Visit) -> Response:
    """Shows a one-time code for Telegram; it is in no URL of ours and shown once."""
    code = await visit.console.paging.links.create(visit.advocate.name)
    return await _page(visit, status=200, link=code)


async def remove_way(visit: Visit) -> Response:
    """Takes a way out at once; another person's stays."""
    await visit.console.paging.contacts.remove(visit.advocate.name, visit.form.get("way", "")[:40])
    return _back("removed")


async def send_test(visit: Visit) -> Response:
    """Has a page sent to this person alone, by every way that counts."""
    ways = await visit.console.paging.contacts.list_ways(visit.advocate.name)
    if not any(way.proved for way in ways):
        return await _page(visit, problem="no_way")
    await visit.console.paging.queue.ask(TEST, visit.advocate.name)
    return _back("tested")


async def _page(
    visit: Visit, *, notice: str = "", problem: str = "", typed: str = "", link: str = "", status: int = 422
) -> Response:
    desk = visit.console.paging
    status = status if problem else 200
    return visit.console.pages.respond(
        "paging.html",
        visit.language,
        status,
        visit=visit,
        ways=await desk.contacts.list_ways(visit.advocate.name),
        notice=notice,
        problem=problem,
        typed=typed,
        link=link,
        push_key=desk.push_key,
        bot_name=desk.bot_name,
    )


def _back(notice: str) -> Response:
    return RedirectResponse(f"/pages?notice={notice}", 303)


ROWS: tuple[RouteRow, ...] = (
    ("/pages", show_ways, ("GET",), Guard("get_pages")),
    ("/pages/browser", add_browser, ("POST",), Guard("get_pages")),
    ("/pages/phone", add_phone, ("POST",), Guard("get_pages")),
    ("/pages/prove", prove_phone, ("POST",), Guard("get_pages")),
    ("/pages/telegram", link_chat, ("POST",), Guard("get_pages")),
    ("/pages/remove", remove_way, ("POST",), Guard("get_pages")),
    ("/pages/test", send_test, ("POST",), Guard("get_pages")),
)
