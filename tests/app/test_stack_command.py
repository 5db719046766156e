import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.ports import find_free_ports
from app.programs import ROOT
from tests.app.standins import is_alive, processes_mentioning

PROGRAMS = ("webhooks", "worker", "phone", "console")


@pytest.fixture
def supervise(tmp_path):
    started = []

    def supervise(*programs, **environ):
        command = [sys.executable, "-m", "tests.app.programs.supervisor", str(tmp_path), *(programs or PROGRAMS)]
        given = {"PATH": os.environ["PATH"], "PORCHLIGHT_MODE": "practice", **environ}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": given, "cwd": ROOT}
        process = subprocess.Popen(command, **pipes)
        started.append(process)
        return process

    yield supervise
    for process in started:
        process.kill()
        process.communicate()


def read_until(process, text):
    lines = []
    while line := process.stdout.readline():
        lines.append(line.rstrip())
        if text in line:
            return lines
    raise AssertionError(lines + process.stderr.readlines())


def children_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_until_gone(pids, seconds=5):
    deadline = time.monotonic() + seconds
    while any(is_alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    return [pid for pid in pids if is_alive(pid)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_and_leaves_no_orphan(supervise, tmp_path, number):
    process = supervise(STANDIN_GRANDCHILD="1", STANDIN_STOPS_SLOWLY="1")
    lines = read_until(process, "Ctrl-C")
    children = children_of(process.pid)
    assert len(children) == 6
    process.send_signal(number)
    time.sleep(0.3)
    process.send_signal(number)  # an impatient second one changes nothing
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert "everything has stopped" in output
    assert wait_until_gone(children, 0) == []
    assert processes_mentioning(str(tmp_path)) == []
    assert any(line.startswith("practice login  advocate / ") for line in lines)
    assert any(line.startswith("practice phone  http://127.0.0.1:") for line in lines)


def test_a_supervisor_that_is_killed_takes_everything_with_it(supervise, tmp_path):
    process = supervise()
    read_until(process, "Ctrl-C")
    children = children_of(process.pid)
    os.kill(children[0], signal.SIGSTOP)  # even a frozen one
    process.kill()
    process.wait()
    assert wait_until_gone(children) == []
    again = supervise()  # what it left behind is in nobody's way
    read_until(again, "Ctrl-C")
    again.send_signal(signal.SIGTERM)
    assert again.wait(timeout=20) == 0


def test_a_signal_during_the_start_stops_what_has_started(supervise, tmp_path):
    process = supervise()
    read_until(process, "keys is ready")
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
    assert processes_mentioning(str(tmp_path)) == []


def test_a_taken_port_is_one_line_with_the_port_and_its_setting(supervise):
    with socket.create_server(("127.0.0.1", find_free_ports(1)[0])) as taken:
        port = taken.getsockname()[1]
        process = supervise("webhooks", PORCHLIGHT_WEBHOOKS_BIND=f"127.0.0.1:{port}")
        output, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert errors == ""
    (line,) = output.splitlines()
    assert str(port) in line and "PORCHLIGHT_WEBHOOKS_BIND" in line


def test_a_program_that_cannot_start_is_told_and_nothing_is_left(supervise, tmp_path):
    process = supervise("worker", STANDIN_REFUSES="the key file is damaged")
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (1, "")
    assert "worker ended before it was ready" in output
    assert "the key file is damaged" in output
    assert processes_mentioning(str(tmp_path)) == []


def test_a_full_disk_is_one_clear_line(supervise, tmp_path):
    process = supervise("worker", STANDIN_DISK_FULL="1")
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (1, "")
    assert "the disk is full" in output.splitlines()[-1]
    assert processes_mentioning(str(tmp_path)) == []


def test_unfit_settings_are_told_and_exit_with_two(supervise):
    process = supervise("worker", PORCHLIGHT_MODE="live")
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (2, "")
    assert "TWILIO_AUTH_TOKEN" in output and "porchlight keys init" in output


def test_the_crisis_path_is_up_within_a_second_of_stand_ins(supervise):
    """The supervisor's own share of the two seconds."""
    process = supervise()
    line = next(line for line in read_until(process, "Ctrl-C") if "crisis path answers" in line)
    assert float(line.split(",")[1].split()[0]) < 2.0
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
