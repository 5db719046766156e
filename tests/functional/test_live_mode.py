"""A first real deployment, walked through on loopback: live mode against the emulators (docs/deployment.md)."""

import asyncio
import os
import re
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from app.network import Bind
from app.ports import find_free_ports
from app.processes import Child, start_child
from app.programs import ROOT
from app.stack import Stack
from app.supervised import answers_ok

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("live")]
_PUBLIC_URL = "https://hotline.example"


def _porchlight(environ: dict[str, str], *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from app.cli import main; main()", *arguments]
    return subprocess.run(command, env=environ, input=text, capture_output=True, text=True, cwd=ROOT, timeout=60)


def _live_environ(folder: Path, ports: list[int]) -> dict[str, str]:
    phone = f"http://127.0.0.1:{ports[0]}"
    names = ("WEBHOOKS_BIND", "CONSOLE_BIND", "ACTIONS_BIND", "WEBHOOKS_METRICS_BIND", "WORKER_BIND")
    binds = {f"PORCHLIGHT_{name}": f"127.0.0.1:{port}" for name, port in zip(names, ports[1:6], strict=True)}
    return {
        **binds,
        "PATH": os.environ["PATH"],
        "PORCHLIGHT_MODE": "live",
        "PORCHLIGHT_CONSOLE_METRICS_BIND": f"127.0.0.1:{ports[6]}",
        "PORCHLIGHT_DATA": str(folder / "data"),
        "PORCHLIGHT_SPOOL": str(folder / "spool"),
        "PORCHLIGHT_KEY_FILE": str(folder / "keys" / "server.key"),
        "PORCHLIGHT_ADDRESS_KEY_FILE": str(folder / "keys" / "address.key"),
        "PORCHLIGHT_STAFF_KEY_FILE": str(folder / "keys" / "staff.key"),
        "PORCHLIGHT_PUBLIC_URL": _PUBLIC_URL,
        "PORCHLIGHT_CONSOLE_URL": "https://console.hotline.example",
        "PORCHLIGHT_RASA_URLS": f"http://127.0.0.1:{ports[7]}",
        "PORCHLIGHT_RASA_TOKEN": secrets.token_hex(24),
        "PORCHLIGHT_ACTIONS_TOKEN": secrets.token_hex(24),
        "PORCHLIGHT_HOTLINE_NAME": "Lantern",
        "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TWILIO_FROM": "+17025550150",
        "TWILIO_API_URL": f"{phone}/twilio",
        "TELEGRAM_BOT_TOKEN": "7000000001:" + "A" * 35,
        "TELEGRAM_WEBHOOK_SECRET": secrets.token_hex(16),
        "TELEGRAM_API_URL": f"{phone}/telegram",
    }


async def _start_emulators(folder: Path, environ: dict[str, str], port: int) -> Child:
    shared = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM", "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET")
    phone = {
        **{name: environ[name] for name in (*shared, "PATH")},
        "PORCHLIGHT_MODE": "practice",
        "PORCHLIGHT_PHONE_BIND": f"127.0.0.1:{port}",
        "PORCHLIGHT_PUBLIC_URL": _PUBLIC_URL,
        "PORCHLIGHT_PHONE_DELIVER_URL": f"http://{environ['PORCHLIGHT_WEBHOOKS_BIND']}",
    }
    child = await start_child([sys.executable, "-m", "phone"], phone, ROOT, folder / "phone.log")
    async with asyncio.timeout(30):
        while not await answers_ok(Bind("127.0.0.1", port), "/healthz"):
            await asyncio.sleep(0.05)
    return child


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Stack, dict[str, str], str]]:
    folder = tmp_path_factory.mktemp("live")
    ports = find_free_ports(8)
    environ = _live_environ(folder, ports)
    made = _porchlight(environ, "keys", "init")
    assert made.returncode == 0, made.stderr
    phone = await _start_emulators(folder, environ, ports[0])
    try:
        async with Stack(folder, environ=environ, programs={"webhooks", "worker", "console"}) as stack:
            yield stack, environ, f"http://127.0.0.1:{ports[0]}"
    finally:
        await phone.stop()


async def test_a_text_through_the_public_url_is_answered_in_live_mode(live: tuple[Stack, dict[str, str], str]) -> None:
    stack, _, phone = live
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


async def test_practice_routes_do_not_exist_in_live_mode(live: tuple[Stack, dict[str, str], str]) -> None:
    stack, _, _ = live
    async with aiohttp.ClientSession() as http:
        for path in ("/practice/clock", "/practice/presence", "/practice/state", "/practice/settled"):
            for method in ("GET", "POST"):
                async with http.request(method, f"{stack.url('worker')}{path}") as answer:
                    assert answer.status == 404


async def test_someone_can_be_added_and_log_in(live: tuple[Stack, dict[str, str], str]) -> None:
    stack, _, _ = live
    added = _porchlight(stack.env("staff"), "staff", "add", "robin", "--password-stdin", text="a long enough one\n")
    assert added.returncode == 0, added.stderr
    short = _porchlight(stack.env("staff"), "staff", "add", "robin", "--password-stdin", text="short\n")
    assert short.returncode == 2 and "12 characters" in short.stderr
    async with aiohttp.ClientSession() as http, http.get(f"{stack.url('console')}/login") as answer:
        assert answer.status == 200
    assert "robin  active  advocate  password alone  no key" in _porchlight(stack.env("staff"), "staff", "list").stdout


async def test_someone_who_lost_everything_is_reset_and_invited_again(live: tuple[Stack, dict[str, str], str]) -> None:
    stack, _, _ = live
    staff = stack.env("staff")
    invited = _porchlight(staff, "staff", "invite", "wren", "--role", "advocate")
    assert re.fullmatch(r"https://console\.hotline\.example/join#[\w-]{43}\n", invited.stdout), invited.stderr
    _porchlight(staff, "staff", "add", "rowan", "--password-stdin", text="a long enough one\n")
    refused = _porchlight(staff, "staff", "invite", "rowan")
    assert refused.returncode == 2 and "reset the account first" in refused.stderr
    assert _porchlight(staff, "staff", "reset", "rowan").returncode == 0
    assert _porchlight(staff, "staff", "invite", "rowan").returncode == 0
    assert "rowan  invited" in _porchlight(staff, "staff", "list").stdout
    assert _porchlight(staff, "staff", "reset", "nobody").returncode == 2


async def test_live_mode_without_keys_says_how_and_stops_p9(tmp_path: Path) -> None:
    environ = _live_environ(tmp_path, find_free_ports(8))
    started = _porchlight(environ, "run", "--folder", str(tmp_path / "var"))
    assert started.returncode == 2
    assert "porchlight keys init" in started.stdout


async def test_keys_are_never_overwritten(tmp_path: Path) -> None:
    environ = _live_environ(tmp_path, find_free_ports(8))
    assert _porchlight(environ, "keys", "init").returncode == 0
    again = _porchlight(environ, "keys", "init")
    assert again.returncode == 2 and "never overwritten" in again.stderr
