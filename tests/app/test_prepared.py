"""What was prepared from the files is used for the very same texts alone: what is live is what is served (D7, G3)."""

import io
import sys
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import yaml

from app import prepared, world_wiring
from app.metrics import Metrics
from app.practice import practice_environ
from app.settings import load_settings
from app.worker_content import WorkerContent
from storage import content_following
from storage.content_files import CONTENT_FOLDER
from storage.content_sets import ContentSets, Happened
from storage.content_texts import load_texts
from tests.storage.conftest import servers, store

__all__ = ["servers", "store"]

WORDS, GREETINGS = "screening/en_words", "replies/en/handoff"
INVENTED = "porchlightzz"


class Watch:
    def failed(self, event, code):
        raise AssertionError((event, code))


class Counted:
    """Calls that something got, and still does what it did."""

    def __init__(self, monkeypatch, module, name):
        self.calls, self._real = [], getattr(module, name)
        monkeypatch.setattr(module, name, self._call)

    def _call(self, *given, **more):
        self.calls.append(given)
        return self._real(*given, **more)


@pytest.fixture
def start(tmp_path, store, monkeypatch):
    """Starts the content of a worker that was prepared; returns what it serves, how often rules and texts were read."""
    ready = prepared._read_release()

    async def start():
        environ = practice_environ({"PORCHLIGHT_MODE": "practice"}, tmp_path)
        environ |= {"PORCHLIGHT_REDIS_URL": "unix:///none", "PORCHLIGHT_KEYS_URL": "unix:///none"}
        settings = load_settings(environ, "worker")
        rules = Counted(monkeypatch, world_wiring, "build_screening")
        texts = Counted(monkeypatch, content_following, "parse_text")
        content = WorkerContent(settings, store, Watch(), Metrics("worker"), ready)
        said = await content.start()
        return SimpleNamespace(
            rules=said.rules, built=len(rules.calls), parsed=[path for path, _ in texts.calls], ready=ready
        )

    return start


async def publish(store, path, change):
    texts = dict(load_texts(CONTENT_FOLDER))
    texts[path] = change(texts[path])
    assert await ContentSets(store).publish(texts, Happened(1, datetime.now(UTC), "edit", ("ann",)), expected=0)


def know_another_word(text):
    document = yaml.safe_load(text)
    document["known"].append(INVENTED)
    return yaml.safe_dump(document, allow_unicode=True)


async def test_the_files_are_read_and_their_rules_made_once(start):
    found = await start()
    assert (found.built, found.parsed) == (0, [])
    assert found.ready.parsed == {} and found.ready.find_rules({}) is None, "nothing is kept for the worker's life"


async def test_rules_are_those_of_the_live_version_not_of_the_files(start, store):
    await publish(store, WORDS, know_another_word)
    found = await start()
    assert (found.built, found.parsed) == (1, [WORDS])
    assert INVENTED in found.rules.spelling.known


async def test_a_screening_document_that_says_the_same_in_other_letters_is_read_anew(start, store):
    """Only the same text is the same: values that compare alike (1 and true) are not what they were."""
    await publish(store, WORDS, lambda text: text + "\n# looked at\n")
    assert (await start()).built == 1


async def test_rules_that_no_change_touches_are_taken_as_they_were_made(start, store):
    await publish(store, GREETINGS, lambda text: text + "\n# looked at\n")
    found = await start()
    assert (found.built, found.parsed) == (0, [GREETINGS])


def test_memory_is_closed_before_the_plan_is_read_and_without_one_it_ends(monkeypatch):
    done = []

    class Input(io.BytesIO):
        def readline(self, *_):
            done.append("read")
            return b""

    monkeypatch.setattr("bot.priority.load_undisturbed", lambda: done.append("undisturbed"))
    monkeypatch.setattr("vault.memory.close_memory", lambda: done.append("closed"))
    monkeypatch.setattr(prepared, "_read_release", lambda: done.append("prepared"))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=Input()))
    with pytest.raises(SystemExit) as ended:
        prepared.prepare()
    assert done == ["undisturbed", "closed", "prepared", "read"]
    assert not ended.value.code


def test_a_broken_release_is_left_to_the_start_which_tells_it(monkeypatch):
    def fail():
        raise ValueError("not readable")

    taken = []
    monkeypatch.setattr("bot.priority.load_undisturbed", lambda: None)
    monkeypatch.setattr("vault.memory.close_memory", lambda: None)
    monkeypatch.setattr(prepared, "_read_release", fail)
    monkeypatch.setattr(prepared, "_take_on", taken.append)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"{}\n")))
    assert prepared.prepare() is None
    assert taken == [b"{}\n"]
