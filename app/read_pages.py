"""The read API's pages: the directory for other agencies, GET alone, by HSDS 3.0's paths (G4)."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.read_catalogue import Catalogue, Shown
from app.read_openapi import build_description
from app.read_query import BadQuestion, read_query
from app.read_rate import Rate
from hotline.exchange.identities import TAXONOMY_ID
from hotline.ports import Clock
from hotline.text import fold

_PAGING = ("page", "per_page")
_OF_SERVICES = (
    "page", "per_page", "search", "taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "full"
)  # fmt: skip
PAGES: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "/": ("What this is.", (), ""),
    "/openapi.json": ("This description.", (), ""),
    "/services": ("Places that may be served now.", (*_OF_SERVICES, "minimal"), "service_in_list"),
    "/services/{id}": ("One place, everything nested.", (), "service"),
    "/organizations": ("Their organizations.", (*_PAGING, "search"), "organization"),
    "/organizations/{id}": ("One organization.", (), "organization"),
    "/service_at_locations": ("Places by location.", _OF_SERVICES, "service_at_location"),
    "/service_at_locations/{id}": ("One place at one location.", (), "service_at_location"),
    "/taxonomies": ("What needs are counted by.", _PAGING, "taxonomy"),
    "/taxonomies/{id}": ("One taxonomy.", (), "taxonomy"),
    "/taxonomy_terms": ("Needs.", (*_PAGING, "taxonomy_id"), "taxonomy_term"),
    "/taxonomy_terms/{id}": ("One need.", (), "taxonomy_term"),
}
"""Path to what it gives, what may be asked, and the record."""

_AGAIN_SECONDS = "30"
_HEADERS = {"x-content-type-options": "nosniff", "cache-control": "no-cache"}


def build_read_api(catalogue: Callable[[], Catalogue], clock: Clock, url: str, rate: Rate) -> Starlette:
    """The application. ``catalogue`` gives the one that holds now, so that it can be exchanged between requests."""
    description = build_description(PAGES, url)

    def page(path: str) -> Route:
        async def answer(request: Request) -> Response:
            asked = read_query(request.query_params, PAGES[path][1])
            if path == "/openapi.json":
                return _say(description)
            if path == "/":
                return _say({"version": "3.0", "profile": f"{url}/openapi.json", "openapi_url": f"{url}/openapi.json"})
            return _answer(path, request.path_params.get("id"), asked, catalogue(), clock)

        return Route(path, answer, methods=["GET"])

    return Starlette(
        routes=[*map(page, PAGES)],
        exception_handlers={BadQuestion: _refuse_question, HTTPException: _refuse},
        middleware=[Middleware(_Rationed, rate=rate)],
    )


async def refuse_for_now(scope: Scope, receive: Receive, send: Send) -> None:
    """503: what is here could be out of date, and a place that was closed or hides must not be given out."""
    answer = _say({"detail": "not now; ask again in a while"}, 503, {"retry-after": _AGAIN_SECONDS})
    await answer(scope, receive, send)


class _Rationed:
    """Answers 429 before anything is read."""

    def __init__(self, app: ASGIApp, rate: Rate) -> None:
        self._app, self._rate = app, rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            wait = self._rate.claim((scope.get("client") or ("",))[0])
            if wait:
                answer = _say({"detail": "too many requests"}, 429, {"retry-after": str(wait)})
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _answer(path: str, wanted: str | None, asked: Mapping[str, Any], catalogue: Catalogue, clock: Clock) -> Response:
    now = clock.now()
    kind = path.split("/")[1]
    if kind == "services":
        shown = catalogue.list_shown(now)
        if wanted is None:
            return _say(_page([_cut(one, asked) for one in _select(shown, asked)], asked))
        return _find([dict(one.service) for one in shown], wanted)
    if kind == "service_at_locations":
        links = list(catalogue.list_at_locations(now))
        if wanted is None:
            kept = {one.key for one in _select([shown for shown, _ in links], asked)}
            whole = [link if asked["full"] else _flat(link) for shown, link in links if shown.key in kept]
            return _say(_page(whole, asked))
        return _find([link for _, link in links], wanted)
    records = {
        "organizations": lambda: catalogue.list_organizations(now),
        "taxonomies": catalogue.list_taxonomies,
        "taxonomy_terms": catalogue.list_terms,
    }[kind]()
    if wanted is not None:
        return _find(records, wanted)
    if asked.get("search"):
        records = [one for one in records if _has_words(f"{one.get('name')} {one.get('description')}", asked["search"])]
    if asked.get("taxonomy_id"):
        records = records if asked["taxonomy_id"] == TAXONOMY_ID else []
    return _say(_page(records, asked))


def _select(shown: Iterable[Shown], asked: Mapping[str, Any]) -> list[Shown]:
    return [one for one in shown if _is_wanted(one, asked)]


def _is_wanted(one: Shown, asked: Mapping[str, Any]) -> bool:
    return (
        (not asked["search"] or _has_words(one.words, asked["search"]))
        and (not asked["organization_id"] or one.owner == asked["organization_id"])
        and (not asked["taxonomy_term_id"] or asked["taxonomy_term_id"] in one.terms)
        and (not asked["taxonomy_id"] or asked["taxonomy_id"] in one.taxonomies)
        and (not asked["modified_after"] or one.changed_at >= asked["modified_after"])
    )


def _has_words(text: str, asked: str) -> bool:
    return all(word in fold(text) for word in fold(asked).split())


def _cut(one: Shown, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    if asked["minimal"]:
        return {"id": one.service["id"], "last_modified": one.service["last_modified"]}
    return one.service if asked["full"] else _flat(one.service)


def _flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """Without lists, and without lists in what is nested: what HSDS calls one-to-one fields."""
    plain = {name: value for name, value in record.items() if not isinstance(value, list)}
    return {
        name: _flat(value) if isinstance(value, Mapping) and name != "porchlight" else value
        for name, value in plain.items()
    }


def _page(records: list[Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    number, size = asked["page"], asked["per_page"]
    pages = math.ceil(len(records) / size)
    contents = records[(number - 1) * size : number * size]
    return {
        "total_items": len(records), "total_pages": pages, "page_number": number, "size": len(contents),
        "first_page": number == 1, "last_page": number >= pages, "empty": not contents, "contents": contents,
    }  # fmt: skip


def _find(records: Iterable[Mapping[str, Any]], wanted: str) -> Response:
    found = next((record for record in records if record.get("id") == wanted), None)
    return _say(found) if found is not None else _say({"detail": "there is none of this id"}, 404)


def _say(content: Any, status: int = 200, more: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(content, status, headers={**_HEADERS, **(more or {})})


async def _refuse_question(_request: Request, error: Exception) -> Response:
    return _say({"detail": str(error)}, 400)


async def _refuse(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = error.headers if isinstance(error, HTTPException) else None
    return _say({"detail": "to read alone" if status == 405 else "there is no such page"}, status, headers)
