"""The console program: pages and a live list for advocates, on a door of its own."""

import asyncio
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from app.settings import Settings

if TYPE_CHECKING:
    from app.metrics import Metrics
    from app.world import Words
    from app.world_wiring import Identity


class _Kept:
    """What stays while the content changes: the stores, the audit's end, who guesses passwords."""

    def __init__(self, settings: Settings, stopping: asyncio.Event, metrics: "Metrics") -> None:
        from app.editing import build_editing
        from app.logging import get_logger
        from app.world import SystemClock
        from console.passwords import PasswordChecker
        from storage.audit import Audit
        from storage.connection import Store
        from vault.key_files import load_keyring

        self.settings, self.stopping, self._log, self._metrics = settings, stopping, get_logger(), metrics
        self.store, self.keys = Store(settings.redis_url.reveal()), Store(settings.keys_url.reveal())
        self.clock, self.passwords = SystemClock(), PasswordChecker()
        self.staff_keys = load_keyring(settings.staff_key_file, self.tell_lost)
        self.editing = build_editing(settings, self.store)
        self.audit = Audit(self.store, self.staff_keys, self.clock, self._tell_head)

    def tell_lost(self, file: str) -> None:
        """A key file is gone."""
        self.tell_content("keys_lost", file)

    def tell_content(self, event: str, code: str) -> None:
        """A version of the content was refused, or is not the live one."""
        from app.watch import tell_failure

        tell_failure(self._log, self._metrics, event, code)

    def _tell_head(self, seq: int, mac: str) -> None:
        # Kept with the log, which should leave the machine: what shows later that the audit's end was cut off.
        self._log.note("audit_head", count=seq, head=mac[:40])


def _build_application(kept: _Kept, documents: Mapping[str, Any]) -> Any:
    from app.beside import build_beside
    from app.practice import PASSWORD_COST as PRACTICE_COST
    from app.printing import build_print_desk
    from app.reports import build_reports
    from app.wiring import build_inbox
    from console.application import build_console
    from console.entering import build_check_number
    from console.people import AccountPeople
    from hotline.practice_line import build_scenarios
    from hotline.regions import build_region
    from hotline.training import build_courses
    from storage.accounts import PASSWORD_COST, StoreAccounts
    from storage.desk import StoreDesk
    from storage.load import StoreLoad
    from storage.roster import Roster
    from storage.seals import StoreSeals

    settings, store, keys, clock = kept.settings, kept.store, kept.keys, kept.clock
    staff_keys = kept.staff_keys
    region = build_region(documents, settings.region)
    words, quick_replies = build_quick_words(settings, documents)
    practice, courses = settings.mode == "practice", build_courses(documents["training"])
    required = () if practice else tuple(course.id for course in courses)
    accounts = StoreAccounts(store, keys, staff_keys, required=required, now=clock.now)
    paging = _build_paging(settings, store, region.time_zone, staff_keys)

    return build_console(
        desk=StoreDesk(store, build_inbox(settings, store, keys, kept.tell_lost), clock, region.ladder.lease_seconds),
        seals=StoreSeals(keys, Roster(store)),
        accounts=accounts,
        people=AccountPeople(accounts, build_check_number, (paging.contacts.forget, paging.shifts.forget)),
        audit=kept.audit,
        load=StoreLoad(store, accounts, clock),
        reports=build_reports(store, documents, words.directory, clock, settings.hotline_name),
        clock=clock,
        console_url=settings.console_url,
        quick_replies=quick_replies,
        paging=paging,
        beside=build_beside(settings, documents, words, store, clock),
        editing=kept.editing,
        printing=build_print_desk(store, documents, settings.twilio_from or ""),
        courses=courses,
        scenarios=build_scenarios(documents),
        hotline_name=settings.hotline_name,
        practice=practice,
        second_factor=not practice,
        password_cost=PRACTICE_COST if practice else PASSWORD_COST,
        stopping=kept.stopping,
        passwords=kept.passwords,
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


def build_quick_words(
    settings: "Identity", documents: Mapping[str, Any]
) -> tuple["Words", Mapping[str, Mapping[str, str]]]:
    """The words, and what each quick reply says by language. Raises ContentError."""
    from app.world import SystemClock
    from app.world_wiring import build_words
    from hotline.messages import SMS
    from hotline.ports import ReplyRef
    from hotline.quick_replies import build_quick_groups

    now = SystemClock().now()
    words = build_words(settings, documents)
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
    from app.metrics import Metrics
    from app.serving import run
    from app.settings import load_settings

    settings = load_settings(os.environ, "console")
    configure_logging("console")
    metrics = Metrics("console")
    kept = _Kept(settings, asyncio.Event(), metrics)
    run(lambda: _serve_live(kept, metrics))


async def _serve_live(kept: _Kept, metrics: "Metrics") -> None:
    """Serves with what is live; a request that has begun ends on the version that it began with."""
    from app.metrics import build_private_app
    from app.readiness import Readiness
    from app.serving import serve_doors
    from app.swapped import Swapped, follow
    from app.version import find_version
    from storage.content_following import LiveContent, Served
    from storage.content_sets import ContentSets

    def build(served: Served) -> tuple[Any, str]:
        return _build_application(kept, served.documents), served.version

    content = LiveContent(ContentSets(kept.store), build, kept.tell_content)

    def tell(version: str) -> None:
        metrics.tell_build(find_version(), version)
        metrics.put("porchlight_content_version", content.number)

    application, version = await content.start()
    tell(version)
    door = Swapped(application)
    settings = kept.settings
    ready = Readiness(kept.store, kept.keys)
    doors = [
        (door, settings.console_bind),
        (build_private_app(metrics, ready.find_fault), settings.console_metrics_bind),
    ]
    drafting = asyncio.create_task(_take_files(kept))
    async with follow(content, door, tell, settings.content_seconds):
        await serve_doors(doors, kept.stopping, proxies=settings.trusted_proxies)
    drafting.cancel()


async def _take_files(kept: _Kept) -> None:
    """What the files of a new release change is a draft from here on (G3); nothing about it keeps the console away."""
    from app.content_wiring import build_content_desk
    from hotline.errors import ContentError
    from storage.connection import StoreError
    from storage.content_live import Moved

    try:
        await build_content_desk(kept.settings, kept.store).take_files()
    except (ContentError, Moved, StoreError, OSError, ValueError) as error:
        kept.tell_content("content_stale", type(error).__name__)


def main() -> None:
    """Starts the program, or says in one message why not."""
    from app.serving import start_program

    start_program("console", _serve)


if __name__ == "__main__":
    main()
