"""Codes of an app, and live mode's rule that a password alone opens nothing but the enrolling pages (A6)."""

import re

import httpx
import pyotp
import pytest

from console.codes import draw_secret, find_step
from console.guards import ENROL_PAGE
from console.ports import Passkey
from console.roles import ROLES
from console.routes import ROWS
from console.throttle import FREE_TRIES
from tests.console.conftest import Stage, find_token, try_login
from tests.console.fakes import PASSWORD
from tests.console.test_guards import fill_path

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ENROLLING = {(method, path) for path, _, methods, guard in ROWS for method in methods if guard.enrolling}


async def test_an_app_is_added_by_its_first_code_and_asked_for_from_then_on(stage: Stage) -> None:
    async with stage.log_in() as client:
        page = await _post(client, "/account/totp/begin")
        assert "<svg" in page.text and "style=" not in page.text
        secret = _find_secret(page.text)
        wrong = await _post(client, "/account/totp", code="000000")
        assert "That code is not right" in wrong.text and _find_secret(wrong.text) == secret
        assert not (await stage.accounts.find("robin")).has_totp
        done = await _post(client, "/account/totp", code=_code(stage, secret))
        assert done.headers["location"] == "/account?notice=totp_on"
    async with stage.visit() as client:
        asked = await try_login(client, "robin", PASSWORD)
        assert (asked.status_code, asked.json()) == (401, {"problem": "code_needed"})
        used = await try_login(client, "robin", PASSWORD, code=_code(stage, secret))
        assert used.json() == {"problem": "wrong_code"}
        stage.clock.pass_seconds(30)
        assert (await try_login(client, "robin", PASSWORD, code=_code(stage, secret))).status_code == 200
    assert secret not in repr(stage.accounts.store._rows)


async def test_a_code_is_good_one_step_around_now_and_once(stage: Stage) -> None:
    await stage.accounts.set_totp("robin", SECRET)
    for offset, status in ((-60, 401), (60, 401), (-30, 200), (0, 200), (30, 200)):
        async with stage.visit() as client:
            code = _code(stage, SECRET, offset)
            assert (await try_login(client, "robin", PASSWORD, code=code)).status_code == status
            again = await try_login(client, "robin", PASSWORD, code=code)
            assert again.json() == {"problem": "wrong_code"}


async def test_guessing_codes_is_slowed_down_wherever_it_comes_from(stage: Stage) -> None:
    await stage.accounts.set_totp("robin", SECRET)
    answers = []
    for peer in range(FREE_TRIES + 2):
        stage.visit()
        transport = httpx.ASGITransport(stage.app, client=(f"10.0.0.{peer}", 1))
        async with httpx.AsyncClient(transport=transport, base_url=stage.url) as client:
            answers.append((await try_login(client, "robin", PASSWORD, code="000000")).status_code)
    assert answers == [401] * FREE_TRIES + [429, 429]


@pytest.mark.parametrize("code", ["", "1", "abcdef", "１２３４５６", "0" * 200, "\ud800"])
def test_what_is_no_code_is_wrong(stage: Stage, code: str) -> None:
    assert find_step(SECRET, code, stage.clock.now()) is None


async def test_codes_end_for_who_gives_one(stage: Stage) -> None:
    async with stage.log_in() as client:
        await stage.accounts.set_totp("robin", SECRET)
        wrong = await _post(client, "/account/totp/remove", code="000000")
        assert wrong.headers["location"] == "/account?notice=wrong_code"
        await _post(client, "/account/totp/remove", code=_code(stage, SECRET))
        assert not (await stage.accounts.find("robin")).has_totp


async def test_in_live_mode_a_password_alone_reaches_the_enrolling_pages_and_nothing_else(stage: Stage) -> None:
    stage.second_factor = True
    stage.accounts.add("robin", *ROLES)  # so that no missing permission hides a missing step
    await stage.hold("c1")
    async with stage.log_in() as client:
        token = find_token((await client.get("/account")).text)
        for path, _, methods, guard in ROWS:
            for method in methods:
                if guard.stranger or (method, path) in ENROLLING:
                    continue
                answer = await client.request(method, fill_path(path), data={"csrf": token, "text": "hi"})
                assert answer.status_code in {303, 401}, path
                assert answer.headers.get("location", ENROL_PAGE) == ENROL_PAGE, path
        assert stage.desk.commands == []
        assert "One step is missing" in (await client.get("/account")).text
        secret = _find_secret((await client.post("/account/totp/begin", data={"csrf": token})).text)
        await client.post("/account/totp", data={"csrf": token, "code": _code(stage, secret)})
        assert (await client.get("/waiting")).status_code == 200


def test_what_enrolling_reaches_is_listed() -> None:
    assert {
        ("GET", "/account"), ("POST", "/account/totp/begin"), ("POST", "/account/totp"),
        ("POST", "/account/passkeys/options"), ("POST", "/account/passkeys"), ("POST", "/account/language"),
        ("POST", "/account/logins/end"), ("POST", "/account/logins/end-others"),
        ("GET", "/key"), ("POST", "/key"), ("POST", "/key/locks"), ("GET", "/key/half"), ("POST", "/key/half"),
        ("GET", "/unlock"), ("GET", "/recovery"), ("POST", "/lock"), ("POST", "/logout"),
    } == ENROLLING  # fmt: skip


@pytest.mark.parametrize(("second_factor", "status"), [(True, 401), (False, 200)])
async def test_in_live_mode_who_has_a_passkey_does_not_come_in_by_password_alone(
    stage: Stage, second_factor: bool, status: int
) -> None:
    stage.second_factor = second_factor
    await stage.accounts.add_passkey(Passkey("pk1", "robin", b"key", 0, "Chrome", "2026-11-21"))
    async with stage.visit() as client:
        answer = await try_login(client, "robin", PASSWORD)
        assert answer.status_code == status
        assert answer.json().get("problem") == ("use_passkey" if second_factor else None)
        assert (await try_login(client, "robin", "wrong")).json() == {"problem": "wrong"}


@pytest.mark.parametrize("left", ["passkey", "codes"])
async def test_in_live_mode_the_last_second_step_stays(stage: Stage, left: str) -> None:
    stage.second_factor = True
    async with stage.log_in() as client:
        if left == "passkey":
            await stage.accounts.add_passkey(Passkey("pk1", "robin", b"key", 0, "Chrome", "2026-11-21"))
            answer = await _post(client, "/account/passkeys/remove", passkey="pk1")
        else:
            await stage.accounts.set_totp("robin", SECRET)
            answer = await _post(client, "/account/totp/remove", code=_code(stage, SECRET))
    assert answer.headers["location"] == "/account?notice=last_way"
    assert (await stage.accounts.find("robin")).has_second_factor


async def test_nobody_removes_anothers_passkey(stage: Stage) -> None:
    await stage.accounts.add_passkey(Passkey("pk1", "luz", b"key", 0, "Chrome", "2026-11-21"))
    async with stage.log_in() as client:
        await _post(client, "/account/passkeys/remove", passkey="pk1")
    assert (await stage.accounts.find("luz")).passkeys == 1
    assert await stage.accounts.find_passkey("pk1")


def test_the_picture_is_black_on_white_and_holds_the_secret_nowhere_in_words() -> None:
    drawn = draw_secret(SECRET, "robin", "Porchlight")
    assert 'fill="#fff"' in drawn and 'stroke="#000"' in drawn
    assert SECRET not in drawn and "<script" not in drawn


async def _post(client: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    token = find_token((await client.get("/account")).text)
    return await client.post(path, data={"csrf": token, **fields})


def _find_secret(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found
    return found[1].replace(" ", "")


def _code(stage: Stage, secret: str, offset: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(stage.clock.now().timestamp()) + offset)
