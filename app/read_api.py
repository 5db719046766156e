"""The read API program: the directory for other agencies, on a door of its own; off unless its bind is set (G4).

It knows safety content alone: no store, no key, no address, no conversation.
"""

import os

from app.settings import Settings


class Shelf:
    """Holds the catalogue that is served; a new one takes its place in one assignment, or not at all."""

    def __init__(self, settings: Settings) -> None:
        from app.world import SystemClock
        from storage.content_files import load_documents

        self._settings, self.clock = settings, SystemClock()
        self.put(load_documents())

    def put(self, documents: object) -> None:
        """Serves these documents from now on. Raises ContentError or ConfidentialPlace, and then nothing changed."""
        from app.read_catalogue import Catalogue

        self.catalogue = Catalogue(
            documents,  # type: ignore[arg-type]
            region=self._settings.region,
            mode=self._settings.mode,
            now=self.clock.now(),
            before=getattr(self, "catalogue", None),
        )


def _serve() -> None:
    from app.logging import configure_logging
    from app.read_pages import build_read_api
    from app.read_rate import Rate
    from app.serving import run, serve_doors
    from app.settings import SettingsError, load_settings

    settings = load_settings(os.environ, "read_api")
    if not settings.read_api_bind:
        raise SettingsError(
            "porchlight read_api cannot start: PORCHLIGHT_READ_API_BIND is not set; it is off by default"
        )
    configure_logging("read_api")
    shelf = Shelf(settings)
    url = settings.read_api_url or settings.read_api_bind.url
    application = build_read_api(lambda: shelf.catalogue, shelf.clock, url, Rate())
    run(lambda: serve_doors([(application, settings.read_api_bind)]))


def main() -> None:
    """Starts the program, or says in one message why not."""
    from app.serving import start_program

    start_program("read_api", _serve)


if __name__ == "__main__":
    main()
