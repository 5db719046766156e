"""What the read API serves now, and that it serves nothing rather than what may have been pulled (D4, D7, G4)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.read_catalogue import Catalogue
from app.read_pages import build_read_api, refuse_for_now
from app.read_rate import Rate
from app.settings import Settings
from hotline.ports import Clock

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.types import ASGIApp, Receive, Scope, Send

    from storage.content_following import LiveContent, Served

STALE_SECONDS = 45.0
"""Without a word from the store for so long, nothing is given out: a place that was pulled is gone within a minute."""


class Shelf:
    """Builds each version's pages, and holds them back while it is not known that they are what is live."""

    def __init__(self, settings: Settings, clock: Clock, note: Callable[[str, str], None]) -> None:
        self._settings, self._clock, self._note = settings, clock, note
        self._url = settings.read_api_url or settings.read_api_bind.url
        self._rate = Rate()
        self._patience = max(STALE_SECONDS, 3 * settings.content_seconds)
        self._latest: Catalogue | None = None
        self._content: LiveContent[Any] | None = None
        self._refused = False

    def build(self, served: "Served") -> "tuple[Starlette, str]":
        """The pages of a version. Raises ContentError or ConfidentialPlace for one that may not be given out."""
        settings = self._settings
        catalogue = Catalogue(
            served.documents, region=settings.region, mode=settings.mode, now=self._clock.now(), before=self._latest
        )
        self._latest = catalogue
        return build_read_api(lambda: catalogue, self._clock, self._url, self._rate), served.version

    def tell(self, event: str, code: str) -> None:
        """Hears what is refused: whatever it closes or hides must not stay on show in the version before."""
        self._refused = self._refused or event == "content_refused"
        self._note(event, code)

    def open(self, content: "LiveContent[Any]") -> None:
        """A version was put in place."""
        self._content, self._refused = content, False

    async def find_fault(self) -> str:
        """Why nothing is given out; empty if it is."""
        if self._content is None:
            return "starting"
        if self._refused:
            return "content"
        if self._content.find_silence() > self._patience:
            return "store"
        return "content" if self._content.is_stale else ""

    def guard(self, door: "ASGIApp") -> "ASGIApp":
        """The door with 503 in front of it while something is wrong."""

        async def answer(scope: "Scope", receive: "Receive", send: "Send") -> None:
            shut = scope["type"] == "http" and await self.find_fault()
            await (refuse_for_now if shut else door)(scope, receive, send)

        return answer
