"""The console program: pages and a live list for advocates, on a door of its own."""

import asyncio
import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from app.settings import Settings


def _build_application(settings: Settings, stopping: asyncio.Event, tell_lost: Callable[[str], None]) -> Any:
    from app.beside import build_beside
    from app.logging import get_logger
    from app.practice import PASSWORD_COST as PRACTICE_COST
    from app.wiring import build_inbox
    from app.world import SystemClock
    from console.application import build_console
    from console.entering import build_check_number
    from console.people import AccountPeople
    from hotline.practice_line import build_scenarios
    from hotline.regions import build_region
    from hotline.training import build_courses
    from storage.accounts import PASSWORD_COST, StoreAccounts
    from storage.audit import Audit
    from storage.connection import Store
    from storage.content_files import load_documents
    from storage.desk import StoreDesk
    from storage.load import StoreLoad
    from storage.roster import Roster
    from storage.seals import StoreSeals
    from vault.key_files import load_keyring

    store, keys = Store(settings.redis_url.reveal()), Store(settings.keys_url.reveal())
    documents = load_documents()
    clock = SystemClock()
    region = build_region(documents, settings.region)
    words, quick_replies = _build_words(settings, documents)
    practice, courses = settings.mode == "practice", build_courses(documents["training"])
    log = get_logger()
    staff_keys = load_keyring(settings.staff_key_file, tell_lost)
    required = () if practice else tuple(course.id for course in courses)
    accounts = StoreAccounts(store, keys, staff_keys, required=required, now=clock.now)
    paging = _build_paging(settings, store, region.time_zone, staff_keys)

    def tell_head(seq: int, mac: str) -> None:
        # Kept with the log, which should leave the machine: what shows later that the audit's end was cut off.
        log.note("audit_head", count=seq, head=mac[:40])

    return build_console(
        desk=StoreDesk(store, build_inbox(settings, store, keys, tell_lost), clock, region.ladder.lease_seconds),
        seals=StoreSeals(keys, Roster(store)),
        accounts=accounts,
        people=AccountPeople(accounts, build_check_number, (paging.contacts.forget, paging.shifts.forget)),
        audit=Audit(store, staff_keys, clock, tell_head),
        load=StoreLoad(store, accounts, clock),
        clock=clock,
        console_url=settings.console_url,
        quick_replies=quick_replies,
        paging=paging,
        beside=build_beside(settings, documents, words, store, clock),
        courses=courses,
        scenarios=build_scenarios(documents),
        hotline_name=settings.hotline_name,
        practice=practice,
        second_factor=not practice,
        password_cost=PRACTICE_COST if practice else PASSWORD_COST,
        stopping=stopping,
    )


def _build_paging(settings: Settings, store: Any, time_zone: str, staff_keys: Any) -> Any:
    from console.paging import PagingDesk
    from storage.contacts import StoreContacts
    from storage.page_links import PageLinks
    from storage.page_queue import PageQueue
    from storage.shifts import StoreShifts

    return PagingDesk(
        contacts=StoreContacts(store, staff_keys),
        shifts=StoreShifts(store),
        queue=PageQueue(store),
        links=PageLinks(store),
        zone=ZoneInfo(time_zone),
        push_key=settings.vapid_public_key,
        bot_name=settings.telegram_bot_name,
        practice=settings.mode == "practice",
    )


def _build_words(settings: Settings, documents: Mapping[str, Any]) -> tuple[Any, Mapping[str, Mapping[str, str]]]:
    from app.world import SystemClock
    from app.world_wiring import build_words
    from hotline.messages import SMS
    from hotline.ports import ReplyRef
    from hotline.quick_replies import build_quick_groups

    now = SystemClock().now()
    words = build_words(settings, documents, now)
    groups = build_quick_groups(documents, words.content.keys)
    return words, {
        language: {
            key: " ".join(words.render(ReplyRef(key), language=language, channel=SMS, now=now))
            for group in groups.values()
            for key in group
        }
        for language in ("en", "es")
    }


def _serve() -> Any:
    from app.logging import configure_logging
    from app.metrics import Metrics, build_private_app
    from app.readiness import Readiness
    from app.serving import run, serve_doors
    from app.settings import load_settings
    from app.version import find_version
    from app.watch import tell_failure
    from storage.connection import Store

    settings = load_settings(os.environ, "console")
    log, metrics, stopping = configure_logging("console"), Metrics("console"), asyncio.Event()
    application = _build_application(settings, stopping, partial(tell_failure, log, metrics, "keys_lost"))

    metrics.tell_build(find_version())
    store, keys = Store(settings.redis_url.reveal()), Store(settings.keys_url.reveal())
    ready = Readiness(store, keys)
    doors = [
        (application, settings.console_bind),
        (build_private_app(metrics, ready.find_fault), settings.console_metrics_bind),
    ]
    run(lambda: serve_doors(doors, stopping))


def main() -> None:
    """Starts the program, or says in one message why not."""
    from app.serving import start_program

    start_program("console", _serve)


if __name__ == "__main__":
    main()
