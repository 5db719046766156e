"""What does nothing: a text goes through every program of the way, and nothing of it stays when its parent is gone."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.programs import ROOT
from benchmarks.burst import Burst, run_burst
from benchmarks.figures import LADDER, OURS, STOCK, describe_load, describe_window
from benchmarks.load import run_open
from benchmarks.loader import Loader, open_loader
from benchmarks.nothing import open_null_door, open_null_way, start_program
from benchmarks.null_way import NullStore
from benchmarks.parts import ack, crisis
from benchmarks.parts.crisis import Lengths, _Scene
from benchmarks.parts.starting import start_nothing
from benchmarks.rounds import Lengths as RunLengths
from benchmarks.rounds import Run
from benchmarks.texters import Texters
from benchmarks.undisturbed import Watch
from tests.benchmarks.conftest import Street

HOLD = """
import asyncio, sys
from benchmarks.loader import open_loader
from benchmarks.nothing import open_null_way
async def hold():
    async with open_loader() as loader, open_null_way(loader, 1):
        print("up", flush=True)
        await asyncio.sleep(60)
asyncio.run(hold())
"""


class CountingStore(NullStore):
    asked = 0

    def data_received(self, data: bytes) -> None:
        CountingStore.asked += data.count(b"\n")
        super().data_received(data)


@pytest.fixture
async def loader() -> AsyncIterator[Loader]:
    async with open_loader() as opened:
        yield opened


async def test_a_text_goes_through_every_program_and_its_answer_is_received(loader: Loader):
    async with open_null_way(loader, 2) as nothing:
        described = describe_load(await run_open(nothing, rate=40, seconds=0.5, seed=5))
    assert nothing.answers == {(0, 0): ("nothing 1", "nothing 2")}
    assert described["answered"] >= 10
    assert (described["unanswered"], described["refused"], described["otherwise"]) == (0, 0, 0)
    assert loader.provider.sends == 2 * (described["answered"] + 1)
    assert 0 < described["ack_ms"]["p50"] < described["reply_ms"]["p50"]


async def test_a_text_makes_as_many_round_trips_to_the_store_as_a_crisis_text(loader: Loader, tmp_path: Path):
    socket, module, listeners = str(tmp_path / "store"), "benchmarks.null_way", list[asyncio.WriteTransport]()
    server = await asyncio.get_running_loop().create_unix_server(lambda: CountingStore(listeners, []), socket)
    async with (
        start_program(module, "worker", socket, loader.provider.url, "2"),
        start_program(module, "door", socket) as port,
    ):
        CountingStore.asked = 0
        url, queue = f"http://127.0.0.1:{port}/", loader.mailboxes.open("+19995550100")
        async with loader.http.post(url, data={"From": "+19995550100", "Body": "hi"}) as answer:
            assert (answer.status, CountingStore.asked >= 2) == (200, True)
        async with asyncio.timeout(10):
            await queue.get()
            await queue.get()
            while CountingStore.asked < 2 + 3:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
    server.close()
    assert CountingStore.asked == 2 + 3


def test_every_program_of_the_way_ends_with_its_parent(tmp_path: Path):
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", HOLD], cwd=ROOT, env=environ, stdout=subprocess.PIPE) as parent:
        try:
            assert parent.stdout is not None
            assert parent.stdout.readline() == b"up\n"
            held = find_programs(str(tmp_path))
            assert len(held) == 3
        finally:
            parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while find_programs(str(tmp_path)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def find_programs(folder: str) -> list[str]:
    """Process ids of the way whose socket, or whose parent's folder, is there."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if "benchmarks.null_" in command and folder in command:
            found.append(entry.name)
    return found


async def test_what_was_put_before_anybody_listened_is_answered_all_the_same(loader: Loader, tmp_path: Path):
    """While it starts, the door may be there before the worker."""
    socket, module = str(tmp_path / "store"), "benchmarks.null_way"
    async with start_program(module, "store", socket), start_program(module, "door", socket) as port:
        queue = loader.mailboxes.open("+19995550100")
        post = {"From": "+19995550100", "Body": "hi"}
        async with loader.http.post(f"http://127.0.0.1:{port}/", data=post) as answer:
            assert answer.status == 200
        async with start_program(module, "worker", socket, loader.provider.url, "1"), asyncio.timeout(20):
            assert (await queue.get())[1] == "nothing 1"


async def test_a_way_that_does_nothing_starts_anew_and_leaves_nothing_behind(
    loader: Loader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert await start_nothing(loader) > 0
    assert loader.provider.sends == 1
    deadline = time.monotonic() + 20
    while find_programs(str(tmp_path)):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def test_a_program_that_does_not_start_is_said(tmp_path: Path):
    with pytest.raises(RuntimeError, match="null_way door did not start"):
        async with start_program("benchmarks.null_way", "door", str(tmp_path / "nobody")):
            pass


async def test_the_door_that_does_nothing_is_asked_in_the_seconds_of_the_burst(
    street: Street, monkeypatch: pytest.MonkeyPatch
):
    """Not before: while the load maker warms the door up and signs, what it takes is the load maker's."""
    street.door.answers["hi"] = []
    times: list[tuple[float, float, float]] = []

    async def run(*given: Any, rate: float, seed: int) -> Burst:
        began = time.monotonic()
        burst = await run_burst(*given, rate=rate, seed=seed)
        times.append((rate, began, time.monotonic()))
        return burst

    monkeypatch.setattr(ack, "run_burst", run)
    monkeypatch.setattr(ack, "_WARM", 20)
    ours: Any = SimpleNamespace(read_cpu=dict)
    async with open_loader() as loader, open_null_door() as url:
        lengths = ack.Lengths(rate=40, seconds=0.5, beside_rate=20)
        watch = Watch()
        everything, beside = await ack._burst_at(ours, loader, street.door.door(), lengths, watch, url)
        assert len(await ack._burst_at(ours, loader, street.door.door(), lengths, Watch())) == 1
    assert (everything["posts"], beside["posts"], len(street.door.asked)) == (20, 10, 80)
    assert (everything["refused"], beside["refused"]) == (0, 0)
    assert beside["ack_ms"]["p99"] > 0
    assert "loader_cpu_ms_each" not in beside
    of = {rate: (began, ended) for rate, began, ended in times[:3]}
    assert of[200][1] <= min(of[40][0], of[20][0])
    assert abs(of[40][0] - of[20][0]) < 0.2
    ((before, after),) = watch.spans
    assert of[200][1] <= before.at <= min(of[40][0], of[20][0]), "what the host took is read of the burst alone"
    assert max(of[40][1], of[20][1]) <= after.at


def make_patient(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    """One message for each text, and time for it: a busy machine changes nothing that is looked at here."""
    monkeypatch.setattr("benchmarks.texters.LIMIT_SECONDS", 20.0)
    street.door.answers["hi"] = ["hey"]


async def test_every_case_of_a_crisis_text_has_what_does_nothing_beside_it(
    street: Street, monkeypatch: pytest.MonkeyPatch
):
    make_patient(street, monkeypatch)
    await street.texters.learn(quiet_seconds=0.1)
    loader: Any = SimpleNamespace(provider=street.provider)
    ours: Any = None
    scene = _Scene(ours, loader, street.texters, street.texters, street.texters, Lengths(rate=20, seconds=0.5))
    quiet_from: list[float] = []

    async def note_moment(_provider: object) -> None:
        quiet_from.append(time.monotonic())

    monkeypatch.setattr(crisis, "wait_quiet", note_moment)
    watch = Watch()
    found = await scene.play(None, watch)
    assert watch.spans[0][1].at <= quiet_from[0], "what the host took is read of the crisis texts' seconds alone"
    assert found["answered"] > 0
    assert found["nothing"]["answered"] > 0
    assert found["nothing"]["reply_ms"]["p99"] > 0


async def test_only_our_window_of_the_goal_s_rate_has_it_beside_it(street: Street, monkeypatch: pytest.MonkeyPatch):
    make_patient(street, monkeypatch)
    monkeypatch.setattr("benchmarks.rounds.BESIDE_RATE", 20)
    lengths = RunLengths(1, 0.1, 0.1, 0.1, ladder=((20, 0.5), (40, 0.2)), learn_seconds=0.1, warm_seconds=0.1)
    stock = Texters(street.door.door(STOCK), street.texters._http, street.texters.mailboxes)
    idle = Texters(street.door.door(), street.texters._http, street.texters.mailboxes)
    await idle.learn(0.1)
    run = Run({OURS: street.texters, STOCK: stock}, street.provider, lengths, lambda _line: None, idle)
    windows = await run.play()
    having = [(w.kind, w.side, w.offered) for w in windows if w.nothing]
    assert having == [(LADDER, OURS, 20)]
    described = [describe_window(window) for window in windows]
    assert [entry["nothing"]["answered"] > 0 for entry in described if "nothing" in entry] == [True]
    without = Run({OURS: street.texters}, street.provider, lengths, lambda _line: None)
    await without._climb()
    assert [w.nothing for w in without.windows] == [None, None]
