"""Logins: bound to a browser, listed, ended one by one or all, never longer than a night shift (A6)."""

import re

import httpx
import pytest

from console.browser_names import name_browser
from console.ports import IDLE_SECONDS
from storage.accounts import LONGEST_LOGIN_SECONDS
from tests.console.conftest import Stage, find_token, try_login
from tests.console.fakes import PASSWORD, SALT

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
PHONE = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36"


async def test_a_login_cookie_is_worth_nothing_in_another_browser(stage: Stage, robin: httpx.AsyncClient) -> None:
    async with stage.visit() as thief:
        thief.cookies.update(dict(robin.cookies))
        assert (await thief.get("/waiting", headers={"User-Agent": FIREFOX})).headers["location"] == "/login"
        assert (await thief.get("/waiting")).status_code == 200


async def test_no_login_lasts_longer_than_twelve_hours_however_much_it_is_used(
    stage: Stage, robin: httpx.AsyncClient
) -> None:
    for _ in range(LONGEST_LOGIN_SECONDS // 1000):
        stage.clock.pass_seconds(1000)
        assert (await robin.get("/waiting")).status_code == 200
    stage.clock.pass_seconds(201)
    assert not stage.accounts.logins, "the store itself forgets it"
    assert (await robin.get("/waiting")).headers["location"] == "/login"
    assert stage.accounts.memory.keys("half:") == []


async def test_a_store_that_forgets_to_expire_a_login_does_not_prolong_it(
    stage: Stage, robin: httpx.AsyncClient
) -> None:
    stage.accounts.store._ends.clear()
    stage.clock.pass_seconds(LONGEST_LOGIN_SECONDS)
    assert (await robin.get("/waiting")).headers["location"] == "/login"


async def test_people_see_their_own_logins_and_end_one_or_all_others(stage: Stage) -> None:
    async with stage.log_in() as one, stage.visit() as two, stage.log_in("luz"):
        two.headers["User-Agent"] = PHONE
        await try_login(two, "robin", PASSWORD)
        page = (await one.get("/account")).text
        assert page.count('name="login"') == 2
        assert "Chrome · Android" in page
        phone = re.search(r'value="([0-9a-f]{64})"><button aria-label="End: Chrome', page)
        assert phone
        token = find_token(page)
        await one.post("/account/logins/end", data={"csrf": token, "login": phone[1]})
        assert (await two.get("/waiting")).status_code == 303
        await try_login(two, "robin", PASSWORD)
        await one.post("/account/logins/end-others", data={"csrf": token})
        assert (await two.get("/waiting")).status_code == 303
        assert (await one.get("/waiting")).status_code == 200
    assert len(stage.accounts.logins) == 2


async def test_nobody_ends_anothers_login(stage: Stage) -> None:
    async with stage.log_in("luz") as luz, stage.log_in() as robin:
        (login,) = await stage.accounts.list_logins("luz")
        token = find_token((await robin.get("/account")).text)
        await robin.post("/account/logins/end", data={"csrf": token, "login": login.id})
        assert (await luz.get("/waiting")).status_code == 200


@pytest.mark.parametrize("what", ["suspend", "reset", "end_logins"])
async def test_what_takes_the_right_away_ends_logins_at_once_and_a_copied_row_does_not_bring_one_back(
    stage: Stage, robin: httpx.AsyncClient, what: str
) -> None:
    kept = {key: dict(row) for key, row in stage.accounts.logins.items()}
    await getattr(stage.accounts, what)("robin")
    assert (await robin.get("/waiting")).headers["location"] == "/login"
    stage.accounts.logins.update(kept)
    assert (await robin.get("/waiting")).headers["location"] == "/login"


async def test_a_suspended_or_invited_account_gets_the_answer_of_a_wrong_password(stage: Stage) -> None:
    await stage.accounts.suspend("robin")
    async with stage.visit() as client:
        refused = await try_login(client, "robin", PASSWORD)
        wrong = await try_login(client, "luz", "wrong")
        assert (refused.status_code, refused.content) == (401, wrong.content)
        await stage.accounts.restore("robin")
        assert (await try_login(client, "robin", PASSWORD)).status_code == 200


async def test_a_name_that_nobody_has_gets_a_salt_like_any_other_and_always_the_same(stage: Stage) -> None:
    await stage.accounts.create_invitation("wren", ("advocate",), "en", "admin")
    async with stage.visit() as client:
        token = find_token((await client.get("/login")).text)

        async def ask(name: str) -> dict[str, object]:
            return dict((await client.post("/login/salt", data={"name": name, "csrf": token})).json())

        known, unknown, again, other = [await ask(name) for name in ("robin", "nobody", "Nobody ", "wren")]
    assert known["salt"] == SALT
    assert unknown == again != other
    for answer in (unknown, other):
        assert answer.keys() == known.keys()
        assert answer["n"] == known["n"]
        assert re.fullmatch("[0-9a-f]{32}", str(answer["salt"]))
    assert Stage().accounts.fake_salt("nobody") == unknown["salt"], "a restart would tell them apart"


@pytest.mark.parametrize("name", ["robin", "nobody", "suspended"])
async def test_every_try_does_the_same_work_whoever_it_is_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    stage.accounts.add("suspended", "advocate", state="suspended")
    stage.visit()
    calls: list[str] = []
    accounts = stage.accounts
    for method in ("find", "find_salt", "count_failure"):
        monkeypatch.setattr(accounts, method, _note(calls, method, getattr(accounts, method)))
    console_checks: list[str] = []
    from console.passwords import PasswordChecker

    verify = PasswordChecker._matches
    monkeypatch.setattr(PasswordChecker, "_matches", lambda *a: (console_checks.append("argon2"), verify(*a))[1])
    async with stage.visit() as client:
        assert (await try_login(client, name, "wrong")).status_code == 401
    assert calls == ["find_salt", "find", "count_failure", "count_failure", "find"]
    assert console_checks == ["argon2"]


async def test_the_language_is_chosen_on_the_account_page(stage: Stage, robin: httpx.AsyncClient) -> None:
    token = find_token((await robin.get("/account")).text)
    await robin.post("/account/language", data={"csrf": token, "language": "es"})
    assert '<html lang="es"' in (await robin.get("/waiting")).text
    await robin.post("/account/language", data={"csrf": token, "language": "xx"})
    assert '<html lang="es"' in (await robin.get("/waiting")).text


@pytest.mark.parametrize(
    ("agent", "name"),
    [(FIREFOX, "Firefox · Linux"), (PHONE, "Chrome · Android"), ("", "? · ?"), ("<script>", "? · ?"),
     ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge · Windows"),
     ("Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Safari/605.1", "Safari · iPhone")],
)  # fmt: skip
def test_a_browser_gets_a_coarse_name(agent: str, name: str) -> None:
    assert name_browser(agent) == name


async def test_half_of_the_seal_is_lent_to_a_login_alone_and_ends_with_it(
    stage: Stage, robin: httpx.AsyncClient
) -> None:
    assert (await robin.get("/key/half")).json() == {"half": ""}
    token = find_token((await robin.get("/account")).text)
    made = (await robin.post("/key/half", data={"csrf": token})).json()["half"]
    assert len(made) == 64
    assert (await robin.post("/key/half", data={"csrf": token})).json()["half"] == made
    assert (await robin.get("/key/half")).json() == {"half": made}
    async with stage.log_in() as other:
        assert (await other.get("/key/half")).json() == {"half": ""}
    stage.clock.pass_seconds(IDLE_SECONDS - 60)
    await robin.get("/waiting")
    stage.clock.pass_seconds(IDLE_SECONDS - 60)
    assert (await robin.get("/key/half")).json() == {"half": made}
    await robin.post("/lock", data={"csrf": token})
    assert stage.accounts.memory.keys("half:") == []


def _note(calls: list[str], name: str, method):  # type: ignore[no-untyped-def]
    async def noted(*args: object, **more: object) -> object:
        calls.append(name)
        return await method(*args, **more)

    return noted
