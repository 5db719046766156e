"""A first real deployment, from `porchlight init` on: live mode against the emulators (docs/newcomer.md)."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from app.network import Bind
from app.ports import find_free_ports
from app.processes import Child, start_child
from app.programs import ROOT
from app.stack import Stack
from app.start import hotline_environ, prepare_start
from app.supervised import answers_ok

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("live")]
_ANSWERS = f"""
name: Lantern
region: nevada
public_url: https://hotline.example
console_url: https://console.hotline.example
admin: rowan
channels: sms,telegram
twilio_account_sid: {"AC" + "1" * 32}
twilio_auth_token: {"0123456789abcdef" * 2}
number: "+17025550150"
telegram_bot_token: "7000000001:{"A" * 35}"
"""


def _porchlight(environ: dict[str, str], *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from app.cli import main; main()", *arguments]
    return subprocess.run(command, env=environ, input=text, capture_output=True, text=True, cwd=ROOT, timeout=60)


def _set_up(folder: Path, ports: list[int]) -> dict[str, str]:
    """What a newcomer has after `porchlight init`: its folder, and doors and providers of this test's own."""
    names = ("WEBHOOKS_BIND", "CONSOLE_BIND", "ACTIONS_BIND", "WEBHOOKS_METRICS_BIND", "WORKER_BIND")
    binds = {f"PORCHLIGHT_{name}": f"127.0.0.1:{port}" for name, port in zip(names, ports[1:6], strict=True)}
    given = {
        **binds,
        "PATH": os.environ["PATH"],
        "PORCHLIGHT_CONSOLE_METRICS_BIND": f"127.0.0.1:{ports[6]}",
        "PORCHLIGHT_RASA_URLS": f"http://127.0.0.1:{ports[7]}",
        "TWILIO_API_URL": f"http://127.0.0.1:{ports[0]}/twilio",
        "TELEGRAM_API_URL": f"http://127.0.0.1:{ports[0]}/telegram",
    }
    answers = folder / "answers.yml"
    answers.write_text(_ANSWERS)
    answers.chmod(0o600)
    made = _porchlight(given, "init", str(folder / "hotline"), "--answers", str(answers), "--no-check")
    assert made.returncode == 0, made.stderr
    return dict(hotline_environ(given, folder / "hotline"))


def _read_secret(environ: dict[str, str], name: str) -> str:
    return Path(environ[f"{name}_FILE"]).read_text().strip()


async def _start_emulators(folder: Path, environ: dict[str, str], port: int) -> Child:
    secret = ("TWILIO_AUTH_TOKEN", "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET")
    phone = {
        **{name: environ[name] for name in ("TWILIO_ACCOUNT_SID", "TWILIO_FROM", "PATH")},
        **{name: _read_secret(environ, name) for name in secret},
        "PORCHLIGHT_MODE": "practice",
        "PORCHLIGHT_PHONE_BIND": f"127.0.0.1:{port}",
        "PORCHLIGHT_PUBLIC_URL": environ["PORCHLIGHT_PUBLIC_URL"],
        "PORCHLIGHT_PHONE_DELIVER_URL": f"http://{environ['PORCHLIGHT_WEBHOOKS_BIND']}",
    }
    child = await start_child([sys.executable, "-m", "phone"], phone, ROOT, folder / "phone.log")
    async with asyncio.timeout(30):
        while not await answers_ok(Bind("127.0.0.1", port), "/healthz"):
            await asyncio.sleep(0.05)
    return child


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Stack, str]]:
    """Started as `porchlight run --hotline` starts it."""
    folder = tmp_path_factory.mktemp("live")
    ports = find_free_ports(8)
    environ = _set_up(folder, ports)
    phone = await _start_emulators(folder, environ, ports[0])
    hotline, programs = folder / "hotline", {"webhooks", "worker", "console"}
    try:
        prepare = partial(prepare_start, hotline=hotline)
        async with Stack(hotline, environ=environ, programs=programs, prepare=prepare) as stack:
            yield stack, f"http://127.0.0.1:{ports[0]}"
    finally:
        await phone.stop()


async def test_from_an_empty_folder_by_init_to_the_first_answered_text(live: tuple[Stack, str]) -> None:
    stack, phone = live
    registered = _porchlight(stack.env("channels"), "channels", "register")
    assert registered.returncode == 0, registered.stderr
    async with aiohttp.ClientSession() as http:
        for channel, address in (("sms", "+17755550101"), ("telegram", "812345678")):
            body = {"channel": channel, "address": address, "text": "i want to kill myself"}
            async with http.post(f"{phone}/practice/texts", json=body) as answer:
                assert (await answer.json())["status"] == 200
            query = {"channel": channel, "address": address, "wait_seconds": "20"}
            async with http.get(f"{phone}/practice/messages", params=query) as answer:
                messages = (await answer.json())["messages"]
            assert "988" in messages[0]["text"]


async def test_practice_routes_do_not_exist_in_live_mode(live: tuple[Stack, str]) -> None:
    stack, _ = live
    async with aiohttp.ClientSession() as http:
        for path in ("/practice/clock", "/practice/presence", "/practice/state", "/practice/settled"):
            for method in ("GET", "POST"):
                async with http.request(method, f"{stack.url('worker')}{path}") as answer:
                    assert answer.status == 404


async def test_someone_can_be_added_and_log_in(live: tuple[Stack, str]) -> None:
    stack, _ = live
    added = _porchlight(stack.env("staff"), "staff", "add", "robin", "--password-stdin", text="a long enough one\n")
    assert added.returncode == 0, added.stderr
    short = _porchlight(stack.env("staff"), "staff", "add", "robin", "--password-stdin", text="short\n")
    assert short.returncode == 2 and "12 characters" in short.stderr
    async with aiohttp.ClientSession() as http, http.get(f"{stack.url('console')}/login") as answer:
        assert answer.status == 200
    assert "robin  active  advocate  password alone  no key" in _porchlight(stack.env("staff"), "staff", "list").stdout


async def test_someone_who_lost_everything_is_reset_and_invited_again(live: tuple[Stack, str]) -> None:
    stack, _ = live
    staff = stack.env("staff")
    assert "rowan  invited  admin,supervisor" in _porchlight(staff, "staff", "list").stdout, "by the first start"
    invited = _porchlight(staff, "staff", "invite", "wren", "--role", "advocate")
    assert re.fullmatch(r"https://console\.hotline\.example/join#[\w-]{43}\n", invited.stdout), invited.stderr
    _porchlight(staff, "staff", "add", "linden", "--password-stdin", text="a long enough one\n")
    refused = _porchlight(staff, "staff", "invite", "linden")
    assert refused.returncode == 2 and "reset the account first" in refused.stderr
    assert _porchlight(staff, "staff", "reset", "linden").returncode == 0
    assert _porchlight(staff, "staff", "invite", "linden").returncode == 0
    assert "linden  invited" in _porchlight(staff, "staff", "list").stdout
    assert _porchlight(staff, "staff", "reset", "nobody").returncode == 2


async def test_live_mode_without_keys_says_how_and_stops_p9(tmp_path: Path) -> None:
    environ = _set_up(tmp_path, find_free_ports(8))
    shutil.rmtree(tmp_path / "hotline" / "keys")
    started = _porchlight(environ, "run", "--folder", str(tmp_path / "var"))
    assert started.returncode == 2
    assert "porchlight keys init" in started.stdout


async def test_keys_are_never_overwritten(tmp_path: Path) -> None:
    environ = _set_up(tmp_path, find_free_ports(8))
    shutil.rmtree(tmp_path / "hotline" / "keys")
    assert _porchlight(environ, "keys", "init").returncode == 0
    again = _porchlight(environ, "keys", "init")
    assert again.returncode == 2 and "never overwritten" in again.stderr
