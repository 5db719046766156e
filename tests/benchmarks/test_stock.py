"""Stock Rasa's side: an exact version from a lock with hashes and no host, and one changed base URL."""

import re
import runpy
from pathlib import Path

import pytest
from twilio.http.http_client import TwilioHttpClient

from app.programs import ROOT
from benchmarks import stock_environment
from benchmarks.questions import OURS, STOCK_RASA
from benchmarks.stock_environment import RASA_VERSION, StockMissing, build_environ, ensure_environment, find_uv

STOCK = ROOT / "benchmarks" / "stock"


def test_the_lock_names_rasa_exactly_with_hashes_and_no_host():
    lock = (STOCK / "requirements.lock").read_text("utf-8")
    assert re.search(rf"^rasa=={re.escape(RASA_VERSION)} \\$", lock, re.MULTILINE)
    assert "://" not in lock
    for package in re.split(r"\n(?=[a-z])", lock.strip()):
        assert "--hash=sha256:" in package


def test_the_lock_leaves_nothing_of_stock_rasa_out():
    names = set(re.findall(r"^([a-z0-9-]+)==", (STOCK / "requirements.lock").read_text("utf-8"), re.MULTILINE))
    assert {"tensorflow", "twilio", "sanic", "sanic-cors", "coloredlogs", "protobuf", "aiogram"} <= names


def test_only_the_base_url_of_twilio_s_client_is_changed(monkeypatch: pytest.MonkeyPatch):
    called: list[tuple[str, str]] = []
    monkeypatch.setattr(TwilioHttpClient, "request", lambda self, method, url, **named: called.append((method, url)))
    monkeypatch.delenv("BENCH_PROVIDER_URL", raising=False)
    patch = runpy.run_path(str(STOCK / "sitecustomize.py"))["point_twilio_at"]
    patch("http://127.0.0.1:9")
    TwilioHttpClient().request("POST", "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json", data={})
    assert called == [("POST", "http://127.0.0.1:9/2010-04-01/Accounts/AC1/Messages.json")]


def test_telemetry_is_off_and_home_is_the_throw_away_folder(tmp_path: Path):
    environ = build_environ(tmp_path)
    assert environ["RASA_TELEMETRY_ENABLED"] == "false"
    assert environ["HOME"] == str(tmp_path)
    assert set(environ) == {"PATH", "HOME", "LANG", "RASA_TELEMETRY_ENABLED"}


def test_a_finished_environment_is_used_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stock_environment, "_run", lambda *_: make_model(tmp_path))
    monkeypatch.setattr(stock_environment, "find_uv", lambda: "uv")
    said: list[str] = []
    folder = ensure_environment(tmp_path, said.append)
    assert said
    assert "twilio_number" in (folder / "moodbot" / "credentials.yml").read_text("utf-8")
    said.clear()
    assert ensure_environment(tmp_path, said.append) == folder
    assert not said


def test_an_environment_that_was_not_finished_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise StockMissing("no network")

    monkeypatch.setattr(stock_environment, "_run", fail)
    monkeypatch.setattr(stock_environment, "find_uv", lambda: "uv")
    for _ in range(2):
        with pytest.raises(StockMissing):
            ensure_environment(tmp_path, lambda _line: None)


def test_a_machine_without_uv_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("UV", "/nowhere/uv")
    with pytest.raises(StockMissing, match="make setup"):
        find_uv()


def test_both_sides_ask_the_same_number_of_questions():
    assert [len(script) for script in OURS] == [len(script) for script in STOCK_RASA]


def make_model(bench: Path) -> None:
    for project in bench.glob("stock-*/moodbot"):
        (project / "models").mkdir(exist_ok=True)
        (project / "models" / "moodbot.tar.gz").touch()
