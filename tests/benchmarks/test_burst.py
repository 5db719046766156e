"""A burst at the door, and the door that does nothing."""

import asyncio
import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from app.programs import ROOT
from app.stack import FolderInUse
from benchmarks.burst import run_burst, write_posts
from benchmarks.nothing import open_null_door
from benchmarks.null_door import find_request
from benchmarks.parts.ack import find_median_burst
from benchmarks.sides import clear_folder
from benchmarks.texters import build_http
from tests.benchmarks.conftest import Street


async def test_a_burst_posts_every_text_once_and_measures_each_acknowledgement(street: Street):
    street.door.answers["hi"] = []
    door = street.door.door()
    posts = write_posts(door.build_wire(), "hi", 40)
    async with build_http() as http:
        burst = await run_burst(http, door.url, posts, rate=200, seed=1)
    assert len(street.door.asked) == 40
    described = burst.describe()
    assert (described["posts"], described["refused"]) == (40, 0)
    assert 0 < described["ack_ms"]["p50"] <= described["ack_ms"]["p99"]
    assert described["posts_per_second"] == pytest.approx(200, rel=0.5)


async def test_what_is_not_answered_200_is_counted_as_refused_and_has_no_time(street: Street):
    door = street.door.door(token="another-token")
    async with build_http() as http:
        burst = await run_burst(http, door.url, write_posts(door.build_wire(), "hi", 5), rate=200, seed=1)
    assert (burst.refused, burst.ack_ms) == (5, [])


def test_a_request_is_whole_with_its_last_byte():
    request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody"
    assert find_request(request) == len(request)
    assert find_request(request + b"POST") == len(request)
    assert find_request(request[:-1]) is None
    assert find_request(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") == 27


async def test_the_door_that_does_nothing_answers_and_ends_with_its_block():
    async with open_null_door() as url, build_http() as http:
        async with asyncio.TaskGroup() as group:
            posts = [group.create_task(http.post(url, data=b"body")) for _ in range(5)]
        assert [post.result().status for post in posts] == [200] * 5


def test_the_door_that_does_nothing_ends_when_nobody_holds_it():
    command = [sys.executable, "-m", "benchmarks.null_door"]
    done = subprocess.run(command, cwd=ROOT, input=b"", capture_output=True, timeout=30)
    assert (done.returncode, done.stdout.strip().isdigit()) == (0, True)


def test_a_second_benchmark_takes_no_running_one_s_data_away(tmp_path: Path):
    kept = clear_folder(tmp_path) / "data"
    kept.touch()
    with (tmp_path / "ours" / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(FolderInUse, match="another benchmark"):
            clear_folder(tmp_path)
        assert kept.exists()
    clear_folder(tmp_path)
    assert not kept.exists()


def test_of_three_bursts_the_middle_one_by_p99_counts_with_all_that_was_refused():
    def burst(p99, refused=0):
        return {"ack_ms": {"p50": 1.0, "p99": p99}, "refused": refused}

    found = find_median_burst([burst(90.0), burst(6.0, 2), burst(5.0)])
    assert found == {"ack_ms": {"p50": 1.0, "p99": 6.0}, "refused": 2, "p99_each": [90.0, 6.0, 5.0]}
    assert find_median_burst([burst(None, 9), burst(None, 9), burst(5.0)])["ack_ms"]["p99"] is None, (
        "endless, not quick"
    )
