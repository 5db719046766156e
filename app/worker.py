"""The worker program: loads the content, opens its private door, and works until it is told to stop."""

import asyncio
import os
import secrets
import signal
import sys
from typing import TYPE_CHECKING

from app.early import EARLY
from app.steps import Observer, ignore

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from app.logging import EventLog
    from app.metrics import Metrics
    from app.prepared import Prepared
    from app.settings import Settings
    from app.watch import Watch
    from app.work_loop import Worker
    from app.world import World
    from bot.recycling import Recycling
    from hotline.screening import Rules
    from storage.connection import Store


_QUIET_SECONDS = 20.0
"""No text for so long is a quiet moment: the second without a worker then keeps nobody waiting."""
_FIRST_TEXTS_SECONDS = 1.0
"""What takes processor time and no text needs at once begins so long after the start."""


async def _work(watch: Observer, prepared: "Prepared | None") -> None:
    from app.logging import configure_logging
    from app.metrics import Metrics
    from app.serving import serve_doors
    from app.settings import load_settings
    from app.watch import WorkerWatch
    from app.wiring import build_channel_configs
    from app.work_loop import Worker
    from app.worker_content import WorkerContent
    from app.world_wiring import build_world
    from bot.recycling import build_recycling
    from connectors.registry import build_connectors
    from storage.connection import Store

    settings = load_settings(os.environ, "worker")
    log, metrics = configure_logging("worker"), Metrics("worker")
    name = secrets.token_hex(6)
    connectors = build_connectors(build_channel_configs(settings), receiving=False)

    recycling = build_recycling(quiet_seconds=_QUIET_SECONDS)

    def observe(step: str) -> None:
        if step == "opened":
            recycling.begin()
            recycling.end()
        watch(step)

    watched, store = WorkerWatch(log, metrics, observe), Store(settings.redis_url.reveal())
    content = WorkerContent(settings, store, watched, metrics, prepared)
    said = await content.start()
    world = build_world(settings, name, connectors, watched, said, store)
    worker = Worker(world, name, content.build_measure(world), content.find_newer, settings.content_seconds)
    private = _build_private_door(settings.mode, world, worker, metrics)
    tasks = [
        asyncio.create_task(worker.run()),
        asyncio.create_task(_warm(said.rules, watched)),
        asyncio.create_task(_end_in_time(recycling, log, watched, store)),
        asyncio.create_task(_end_when_wiped(world.store)),
        asyncio.create_task(_watch_certificates(settings, metrics)),
    ]
    try:
        await serve_doors([(private, settings.worker_bind)])
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(connector.aclose() for connector in connectors.values()))
        if world.paging.push:
            await world.paging.push.aclose()


async def _warm(rules: "Rules", watch: "Watch") -> None:
    """What a start leaves out comes once those are answered that waited for it, and is spared as what came with it."""
    from bot.priority import spare_what_is_loaded
    from connectors.registry import warm_senders
    from hotline.errors import ContentError

    await asyncio.sleep(_FIRST_TEXTS_SECONDS)
    try:
        await asyncio.to_thread(rules.compile)
    except ContentError as error:
        # Its texts go to an advocate, as any that screening fails on; somebody must know why.
        watch.failed("content_refused", type(error).__name__)
    await asyncio.to_thread(warm_senders)
    spare_what_is_loaded()


async def _watch_certificates(settings: "Settings", metrics: "Metrics") -> None:
    from app.certificate_watch import watch_certificates

    await asyncio.sleep(_FIRST_TEXTS_SECONDS)
    await watch_certificates({"public": settings.public_url, "console": settings.console_url}, metrics)


async def _end_in_time(recycling: "Recycling", log: "EventLog", watch: "Watch", store: "Store") -> None:
    """Ends the process in a quiet moment, so that words leave its memory within a stated time (P1).

    With a key file or content that no start would take it goes on with what it has, and tells it: silence is worse.
    """
    from app.restarting import PUT_OFF_SECONDS, find_start_fault

    while not recycling.ready_to_end:
        await asyncio.sleep(1)
    while fault := await find_start_fault(os.environ, watch, store):
        watch.failed("restart_put_off", fault)
        await asyncio.sleep(PUT_OFF_SECONDS)
    log.note("recycled")
    os.kill(os.getpid(), signal.SIGTERM)


async def _end_when_wiped(store: "Store") -> None:
    """Ends the process when everything about texters was wiped: what it holds of them goes with its memory (P3)."""
    from storage.wiping import watch_for_wipe

    await watch_for_wipe(store)
    os.kill(os.getpid(), signal.SIGTERM)


def _build_private_door(mode: str, world: "World", worker: "Worker", metrics: "Metrics") -> "Starlette":
    """Metrics and health; in practice mode the clock as well."""
    from starlette.applications import Starlette

    from app.metrics import private_routes
    from app.practice_routes import PracticeRoutes

    practice = PracticeRoutes(world).routes() if mode == "practice" else []
    return Starlette(routes=[*private_routes(metrics, worker.find_fault), *practice])


def main(watch: Observer = ignore, prepared: "Prepared | None" = None) -> None:
    """Starts the program, or says in one message why not. ``watch`` is told of every step."""
    from app.serving import run, start_program

    start_program("worker", lambda: run(lambda: _work(watch, prepared)))


def _begin() -> None:
    if sys.argv[1:] != [EARLY]:
        main()
        return
    from app.prepared import prepare

    main(prepared=prepare())


if __name__ == "__main__":
    _begin()
