"""The read API program: the live directory for other agencies, on a door of its own; off unless its bind is set (G4).

It knows content alone: no key, no address, no conversation; of the store it may read what is live of the content.
"""

import os
from typing import TYPE_CHECKING, Any

from app.settings import Settings

if TYPE_CHECKING:
    from app.metrics import Metrics


async def _serve_live(settings: Settings, metrics: "Metrics") -> None:
    """Serves what is live; a request that has begun ends on the version that it began with."""
    from app.logging import get_logger
    from app.metrics import build_private_app
    from app.read_shelf import Shelf
    from app.serving import serve_doors
    from app.swapped import Swapped, follow
    from app.version import find_version
    from app.world import SystemClock
    from storage.connection import Store
    from storage.content_following import LiveContent
    from storage.content_sets import ShownSets

    store = Store(settings.content_url.reveal()) if settings.content_url else None
    log = get_logger()
    shelf = Shelf(settings, SystemClock(), lambda event, code: log.note(event, level="warning", code=code))
    content = LiveContent(ShownSets(store) if store else None, shelf.build, shelf.tell)

    def tell(version: str) -> None:
        shelf.open(content)
        metrics.tell_build(find_version(), version)
        metrics.put("porchlight_content_version", content.number)

    application, version = await content.start()
    tell(version)
    door = Swapped(application)
    public: Any = shelf.guard(door)
    doors = [
        (public, settings.read_api_bind),
        (build_private_app(metrics, shelf.find_fault), settings.read_api_metrics_bind),
    ]
    async with follow(content, door, tell, settings.content_seconds):
        await serve_doors(doors, proxies=settings.trusted_proxies)


def _serve() -> None:
    from app.logging import configure_logging
    from app.metrics import Metrics
    from app.serving import run
    from app.settings import SettingsError, load_settings

    settings = load_settings(os.environ, "read_api")
    if not settings.read_api_bind:
        raise SettingsError(
            "porchlight read_api cannot start: PORCHLIGHT_READ_API_BIND is not set; it is off by default"
        )
    configure_logging("read_api")
    run(lambda: _serve_live(settings, Metrics("read_api")))


def main() -> None:
    """Starts the program, or says in one message why not."""
    from app.serving import start_program

    start_program("read_api", _serve)


if __name__ == "__main__":
    main()
