"""The page with the two handsets."""

import secrets
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from phone.settings import Settings

if TYPE_CHECKING:
    import jinja2

HERE = Path(__file__).parent
AREA_CODES = ("702", "725", "775")


def invent_people() -> Iterator[dict[str, str]]:
    """New people without end: a number that no one can have (555-01xx is fiction) and a chat id; 300 differ."""
    numbers = [f"+1{area}55501{n:02}" for area in AREA_CODES for n in range(100)]
    secrets.SystemRandom().shuffle(numbers)
    for number in cycle(numbers):
        yield {"sms": number, "telegram": str(1_000_000 + secrets.randbelow(8_000_000_000))}


@cache
def _load_template() -> "jinja2.Template":
    """The page's template, compiled at the first visit so that the emulators start without it."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("page.html")


class Page:
    """The page, its files, and new invented people."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._people = invent_people()

    def build_routes(self) -> list[Route | Mount]:
        """The page at the root and its two files."""
        return [
            Route("/", self.show, methods=["GET"]),
            Route("/favicon.ico", answer_nothing, methods=["GET"]),
            Route("/people", self.invent, methods=["POST"]),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]

    async def show(self, request: Request) -> Response:
        """The page; who is holding the phones is decided in the browser's tab."""
        settings = self._settings
        page = _load_template().render(
            hotline_name=settings.hotline_name, hotline_number=spell(settings.hotline_number)
        )
        return HTMLResponse(page)

    async def invent(self, request: Request) -> Response:
        """A new person's number and chat id."""
        return JSONResponse(next(self._people))


async def answer_nothing(request: Request) -> Response:
    """Browsers ask for an icon; there is none."""
    return Response(status_code=204)


def spell(number: str) -> str:
    """A North American number as people write it; any other stays as it is."""
    digits = number.removeprefix("+1")
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}" if len(digits) == 10 and digits != number else number
