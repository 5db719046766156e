"""Programs that break at every step with words in hand: an error that tells them, kill -9, a crash in C."""

import contextlib
import re
import resource

import aiohttp

from app.steps import SEND_STEPS, TURN_STEPS
from tests.proof.canaries import Canary
from tests.proof.hooks import HOOKS
from tests.proof.paths import path
from tests.proof.scene import Scene, wait_until

_ACTING = "i need a place to sleep {w} in las vegas tonight"


def _words(canary: Canary) -> str:
    return f"{canary.word} of +1{canary.number} {canary.chat}"


async def _walk_by(scene: Scene, canary: Canary, channel: str, program: str) -> None:
    """Whatever leads through every step of a program."""
    if program == "console":
        await _log_in(scene, canary)
    else:
        texter = scene.texter(canary, channel)
        await texter.posts(_ACTING.format(w=canary.word))
        await texter.settles(60)
        if program in {"rasa", "actions"} and not scene.has_broken():
            await texter.texts(f"henderson {canary.word}")


async def _log_in(scene: Scene, canary: Canary) -> None:
    """Words typed where a name and a password belong, as a browser sends them."""
    door = scene.stack.url("console")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        with contextlib.suppress(aiohttp.ClientError):
            async with browser.get(f"{door}/login", params={"notice": canary.word}) as answer:
                page = await answer.text()
            token = re.search(r'name="csrf" value="([^"]*)"', page)
            form = {"name": canary.word, "proof": _words(canary), "csrf": token[1] if token else ""}
            async with browser.post(f"{door}/login", data=form, headers={"Origin": door}) as answer:
                await answer.read()


def _lift_core_limit(pids: list[int]) -> None:
    """So that not the limit alone is what keeps a crash from leaving the words in a file."""
    for pid in pids:
        with contextlib.suppress(PermissionError, ValueError):
            resource.prlimit(pid, resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _breaks(program: str, hook: str, how: str, *channels: str) -> None:
    name = hook.rpartition(":")[2] if not hook.startswith("step:") else hook.removeprefix("step:")

    @path(f"{program}: {how} at {name}", *(channels or ("telegram" if "Telegram" in hook else "sms",)))
    async def walk(scene: Scene, canary: Canary, channel: str) -> None:
        scene.break_at(hook, how, _words(canary))
        if how in {"segv", "abort"}:
            _lift_core_limit(scene.stack.pids(program))
        try:
            await _walk_by(scene, canary, channel, program)
            await wait_until(scene.has_broken, 20)
        finally:
            scene.mend()
        if how != "raise":
            await scene.stack.wait_ready(program)
            await scene.all_ready()


for _program, _hooks in HOOKS.items():
    for _hook in _hooks:
        _breaks(_program, _hook, "raise")
    for _hook in _hooks:
        _breaks(_program, _hook, "kill")
for _step in (*TURN_STEPS, *SEND_STEPS):
    _breaks("worker", f"step:{_step}", "kill", "sms", "telegram")
for _program, _hook in (
    ("webhooks", "storage.inbox:_message_json"),
    ("worker", "app.turn_worker:handle_inbound"),
    ("console", "console.routes.login:_read_name"),
    ("actions", "bot.actions.server:_run"),
    ("rasa", "bot.engine.channel:build_answer"),
):
    for _how in ("segv", "abort"):
        _breaks(_program, _hook, _how)


@path("a text while the store is away")
async def _spooled(scene: Scene, canary: Canary, channel: str) -> None:
    texter = scene.texter(canary, channel)
    await scene.stack.stop("store")
    try:
        assert (await texter.posts(f"hi {canary.word}"))["status"] == 200
        await scene.stack.kill("webhooks")
    finally:
        await scene.stack.start("store")
        await scene.stack.wait_ready("webhooks")
    await scene.all_ready()
    await texter.waits_for_a_message(60)


@path("a text that fails five times")
async def _dead(scene: Scene, canary: Canary, channel: str) -> None:
    scene.break_at("app.turn_worker:handle_inbound", "raise", _words(canary), times=20)
    texter = scene.texter(canary, channel)
    try:
        await texter.posts(f"he wont let me leave {canary.word}")
        await texter.settles(60)
    finally:
        scene.mend()
    assert (await texter.state())["owner"] == "waiting"
