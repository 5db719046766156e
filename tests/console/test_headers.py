"""Headers, failures, vendored files, words: what holds for every answer."""

import base64
import hashlib
import logging
import re
import shutil
from pathlib import Path

import httpx
import pytest

from console.assets import MODULES, STATIC, VENDORED
from console.wording import WORDS_FOLDER, list_keys, load_words, pick_language
from hotline.errors import ContentError
from storage.accounts import Lock
from tests.console.conftest import Stage, post

PATHS = [
    "/login",
    "/waiting",
    "/",
    "/nowhere",
    "/static/console.css",
    "/static/nowhere.js",
    "/conversations/x/window",
    "/join",
    "/account",
    "/key",
]

OWN_PAGES = ("/account", "/unlock", "/recovery")


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_carries_the_security_headers(robin: httpx.AsyncClient, path: str) -> None:
    headers = (await robin.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static/") else "no-store")


async def test_pages_hold_no_inline_script_or_style_and_nothing_from_elsewhere(
    stage: Stage, robin: httpx.AsyncClient
) -> None:
    await stage.wait_for_advocate("c2")
    await stage.hold("c1")
    await stage.accounts.put_reader_key("robin", bytes(32), [Lock("1", "password", "", "")])
    for path in ("/login", "/join", "/waiting", "/conversations/c1", "/conversations/c1/window", *OWN_PAGES):
        page = (await robin.get(path)).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", page)
        assert not re.search(r"(?:src|href|action|hx-post|hx-get)=\"(?:https?:)?//", page)


async def test_the_vendored_files_are_those_of_the_readme_and_the_integrity_attributes(
    robin: httpx.AsyncClient,
) -> None:
    readme = (STATIC / "vendor" / "README.md").read_text()
    page = (await robin.get("/waiting")).text
    vendor = STATIC / "vendor"
    assert {path.relative_to(vendor).as_posix() for path in vendor.rglob("*.js")} == {*VENDORED, *MODULES}
    for name, integrity in (VENDORED | MODULES).items():
        content = (vendor / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() in readme
        assert integrity == "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()
    for name, integrity in VENDORED.items():
        assert f'/static/vendor/{name}" integrity="{integrity}"' in page.replace("&#43;", "+")


@pytest.mark.parametrize("fault", [RuntimeError, ConnectionError, TimeoutError])
async def test_a_fault_becomes_a_plain_page_and_a_log_line_without_content(
    stage: Stage,
    robin: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: type[Exception],
) -> None:
    await stage.hold("c1")

    async def break_down(*_: object) -> bool:
        raise fault("unique lantern words")

    monkeypatch.setattr(stage.desk, "renew", break_down)
    with caplog.at_level(logging.DEBUG):
        answer = await post(robin, "/conversations/c1/renew")
    assert answer.status_code == (500 if fault is RuntimeError else 503)
    assert "lantern" not in answer.text + caplog.text
    assert "Traceback" not in caplog.text
    assert [record.message for record in caplog.records if record.name == "porchlight.console"] == ["console_failed"]


@pytest.mark.parametrize(
    ("content", "status"), [(b"text=" + b"x" * 70_000, 413), (b"&".join([b"a=b"] * 30), 400), (b"text=\xff", 400)]
)
async def test_a_form_that_is_too_large_or_broken_is_refused(
    robin: httpx.AsyncClient, content: bytes, status: int
) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert (await robin.post("/stay", content=content, headers=kind)).status_code == status


async def test_failures_speak_the_accounts_language(stage: Stage) -> None:
    async with stage.log_in("luz") as client:
        assert "Esta página no existe" in (await client.get("/conversations/c9/window")).text


def test_the_words_of_every_language_have_the_same_keys() -> None:
    words = load_words()
    assert set(words) == {"en", "es"}
    assert set(list_keys(words["en"])) == set(list_keys(words["es"]))


def test_a_missing_word_stops_the_start(tmp_path: Path) -> None:
    folder = tmp_path
    shutil.copytree(WORDS_FOLDER, folder, dirs_exist_ok=True)
    changed = (folder / "es/console.yml").read_text().replace("  claim: Tomar\n", "")
    (folder / "es/console.yml").write_text(changed)
    with pytest.raises(ContentError, match=r"board\.claim"):
        load_words(folder)


def test_a_word_that_stands_in_two_files_stops_the_start(tmp_path: Path) -> None:
    shutil.copytree(WORDS_FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / "en/more.yml").write_text("board: {claim: Grab}\n")
    with pytest.raises(ContentError, match="board is there twice"):
        load_words(tmp_path)


@pytest.mark.parametrize(
    ("wanted", "language"), [("es-MX,en;q=0.5", "es"), ("fr,es;q=0.9", "es"), ("", "en"), ("xx", "en")]
)
def test_the_login_page_follows_the_browser(wanted: str, language: str) -> None:
    assert pick_language(wanted, load_words()) == language
