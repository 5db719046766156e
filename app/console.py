"""The console program: pages and a live list for advocates, on a door of its own."""

import asyncio
import os
from collections.abc import Mapping
from typing import Any

from app.settings import Settings


def _build_application(settings: Settings, stopping: asyncio.Event) -> Any:
    from app.practice import PASSWORD_COST as PRACTICE_COST
    from app.wiring import build_inbox
    from app.world import SystemClock
    from console.application import build_console
    from console.opening import ServerOpener
    from hotline.regions import build_region
    from storage.accounts import PASSWORD_COST, StoreAccounts
    from storage.connection import Store
    from storage.content_files import load_documents
    from storage.content_keys import ContentKeys
    from storage.desk import StoreDesk
    from vault.key_files import load_keyring
    from vault.windows import open_window_line

    store, keys = Store(settings.redis_url.reveal()), Store(settings.keys_url.reveal())
    documents = load_documents()
    clock = SystemClock()
    content_keys = ContentKeys(keys, load_keyring(settings.key_file))
    lease_seconds = build_region(documents, settings.region).ladder.lease_seconds
    quick_replies, is_known_number = _build_words(settings, documents)
    return build_console(
        desk=StoreDesk(store, build_inbox(settings, store, keys), clock, lease_seconds),
        opener=ServerOpener(content_keys.find_secret, open_window_line),
        accounts=StoreAccounts(store, keys, load_keyring(settings.staff_key_file), now=clock.now),
        clock=clock,
        console_url=settings.console_url,
        quick_replies=quick_replies,
        is_known_number=is_known_number,
        hotline_name=settings.hotline_name,
        practice=settings.mode == "practice",
        second_factor=settings.mode != "practice",
        password_cost=PRACTICE_COST if settings.mode == "practice" else PASSWORD_COST,
        stopping=stopping,
    )


_QUICK_REPLIES = ("quick_reading", "quick_believe", "quick_phone", "quick_need", "quick_look", "quick_pace")
"""Reviewed lines that an advocate may send with one click, in this order."""


def _build_words(settings: Settings, documents: Mapping[str, Any]) -> tuple[Mapping[str, Mapping[str, str]], Any]:
    from app.world import SystemClock
    from app.world_wiring import build_words
    from hotline.messages import SMS
    from hotline.ports import ReplyRef

    now = SystemClock().now()
    words = build_words(settings, documents, now)
    quick = {
        language: {
            key: " ".join(words.render(ReplyRef(key), language=language, channel=SMS, now=now))
            for key in _QUICK_REPLIES
        }
        for language in ("en", "es")
    }
    places = {_digits(place.gaps("en", SMS, now)["phone"]) for place in words.directory.places.values()}
    return quick, lambda digits: digits in places or words.lines.find_by_digits(digits) is not None


def _digits(number: str) -> str:
    """Ten digits without the leading 1."""
    return "".join(filter(str.isdecimal, number))[-10:]


def _serve() -> Any:
    from app.logging import configure_logging
    from app.metrics import Metrics, build_private_app
    from app.serving import run, serve_doors
    from app.settings import load_settings

    settings = load_settings(os.environ, "console")
    configure_logging("console")
    stopping = asyncio.Event()
    application = _build_application(settings, stopping)

    async def is_ready() -> bool:
        return True

    doors = [
        (application, settings.console_bind),
        (build_private_app(Metrics("console"), is_ready), settings.console_metrics_bind),
    ]
    run(lambda: serve_doors(doors, stopping))


def main() -> None:
    """Starts the program, or says in one message why not."""
    from app.serving import start_program

    start_program("console", _serve)


if __name__ == "__main__":
    main()
