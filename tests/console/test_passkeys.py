"""Passkeys in a real browser with a virtual authenticator, and what is refused of them (A6, P2)."""

import json
import re

import pytest
from playwright.async_api import Browser, Page, expect

from console.passkeys import build_passkey_checker
from tests.console.browsing import QUICK_PACE
from tests.console.conftest import Stage, find_token
from tests.console.fakes import PASSWORD
from tests.console.key_browsing import Console, add_authenticator, join, log_in, read_key, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SIGN = """async () => {
  const { signIn } = await import('/static/passkey_client.js'); const { post } = await import('/static/keys.js');
  return (await signIn(await post('/login/passkey/options'))).credential; }"""


@pytest.fixture
def stage() -> Stage:
    return Stage(pace=QUICK_PACE)


async def test_a_passkey_alone_logs_in_without_a_name_and_opens_the_key(stage: Stage, browser: Browser) -> None:
    async with serving(stage, browser, "localhost") as console:
        page, opened = await _register(console)
        await page.get_by_role("button", name="Log out").click()
        await page.get_by_role("button", name="Log in with a passkey").click()
        await expect(page).to_have_url(re.compile("/waiting$"))
        assert await read_key(page) == opened
    (passkey,) = await stage.accounts.list_passkeys("robin")
    assert passkey.count > 0
    assert {lock.kind for lock in await stage.accounts.list_locks("robin")} == {"password", "passkey"}


async def test_a_passkey_opens_the_key_in_a_new_tab_and_a_second_device_has_its_own(
    stage: Stage, browser: Browser
) -> None:
    async with serving(stage, browser, "localhost") as console:
        page, opened = await _register(console)
        tab = await console.open_tab(page.context)
        await tab.goto("/unlock")
        await expect(tab.get_by_role("button", name="Open with a passkey")).to_be_visible()
        phone, _ = await _register(console)
        assert await read_key(phone) == opened
        await phone.get_by_role("button", name="Log out").click()
        await phone.get_by_role("button", name="Log in with a passkey").click()
        await expect(phone).to_have_url(re.compile("/waiting$"))
        assert await read_key(phone) == opened
        await phone.goto("/account")
        await phone.get_by_role("button", name=re.compile("^Remove")).last.click()
        await expect(phone.get_by_text("The passkey is removed.")).to_be_visible()
    assert len(await stage.accounts.list_passkeys("robin")) == 1
    assert len([lock for lock in await stage.accounts.list_locks("robin") if lock.kind == "passkey"]) == 1


async def test_a_passkey_without_prf_logs_in_and_the_key_then_asks_for_the_password(
    stage: Stage, browser: Browser
) -> None:
    async with serving(stage, browser, "localhost") as console:
        page, opened = await _register(console, hasPrf=False)
        await page.get_by_role("button", name="Log out").click()
        await page.get_by_role("button", name="Log in with a passkey").click()
        await expect(page).to_have_url(re.compile("/unlock$"))
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Open", exact=True).click()
        await expect(page).to_have_url(re.compile("/waiting$"))
        assert await read_key(page) == opened


async def test_one_joins_with_a_passkey_and_never_has_a_password(stage: Stage, browser: Browser) -> None:
    stage.second_factor, stage.practice = True, False
    token = await stage.accounts.create_invitation("wren", ("advocate",), "en", "admin")
    async with serving(stage, browser, "localhost") as console:
        page = await console.open_browser()
        await add_authenticator(page)
        await page.goto(f"/join#{token}")
        await page.get_by_role("button", name="Join with a passkey").click()
        await expect(page).to_have_url(re.compile("/recovery$"))
        opened = await read_key(page)
        await page.get_by_label("I have it on paper").check()
        await page.get_by_role("button", name="Done").click()
        await expect(page).to_have_url(re.compile("/waiting$"))
        await page.get_by_role("button", name="Log out").click()
        await page.get_by_role("button", name="Log in with a passkey").click()
        await expect(page).to_have_url(re.compile("/waiting$"))
        assert await read_key(page) == opened
    account = await stage.accounts.find("wren")
    assert account.password_hash == ""
    assert account.state == "active"


async def test_a_passkey_that_holds_no_key_does_not_use_the_invitation_up(stage: Stage, browser: Browser) -> None:
    token = await stage.accounts.create_invitation("wren", ("advocate",), "en", "admin")
    async with serving(stage, browser, "localhost") as console:
        page = await console.open_browser()
        await add_authenticator(page, hasPrf=False)
        await page.goto(f"/join#{token}")
        await page.get_by_role("button", name="Join with a passkey").click()
        await expect(page.get_by_text("This passkey cannot hold your key.")).to_be_visible()
        await join(page, token, "another long password")
        await expect(page).to_have_url(re.compile("/recovery$"))


@pytest.mark.parametrize("case", ["twice", "other visitor", "no challenge", "counter back", "suspended", "changed"])
async def test_a_signature_is_good_once_in_one_browser_and_for_a_counter_that_grows(
    stage: Stage, browser: Browser, case: str
) -> None:
    async with serving(stage, browser, "localhost") as console:
        page, _ = await _register(console)
        await page.get_by_role("button", name="Log out").click()
        await expect(page).to_have_url(re.compile("/login$"))
        credential = await page.evaluate(SIGN)
        (passkey,) = await stage.accounts.list_passkeys("robin")
        visitor = [cookie for cookie in await page.context.cookies() if cookie["name"].endswith("visitor")]
        if case == "twice":
            assert await _send(page, credential) == 200
            await page.context.add_cookies(visitor)  # type: ignore[arg-type]
        elif case == "other visitor":
            await page.context.clear_cookies()
            await page.goto("/login")
        elif case == "no challenge":
            for key in stage.accounts.memory.keys("challenge:"):
                stage.accounts.memory.apply("DEL", key)
        elif case == "counter back":
            await stage.accounts.set_passkey_count(passkey.id, passkey.count + 50)
        elif case == "suspended":
            await stage.accounts.suspend("robin")
        else:
            credential = _change_signature(credential)
        stage.accounts.logins.clear()
        assert await _send(page, credential) == 401
        assert stage.accounts.logins == {}


async def test_an_address_of_digits_offers_no_passkeys_and_says_why(stage: Stage, browser: Browser) -> None:
    async with serving(stage, browser) as console:
        page = await console.open_browser()
        await log_in(page)
        await page.goto("/account")
        await expect(page.get_by_text("No passkeys here")).to_be_visible()
        await expect(page.locator("#add-passkey")).to_have_count(0)
        await page.get_by_role("button", name="Log out").click()
        await expect(page.get_by_role("button", name="Log in with a passkey")).to_have_count(0)
    assert build_passkey_checker("https://[2001:db8::1]:8443", "x") is None


async def test_the_prf_output_is_not_sent(stage: Stage, browser: Browser) -> None:
    sent: list[str] = []
    async with serving(stage, browser, "localhost") as console:
        page, _ = await _register(console)
        page.on("request", lambda request: sent.append(request.post_data or ""))
        await page.get_by_role("button", name="Log out").click()
        await page.get_by_role("button", name="Log in with a passkey").click()
        await expect(page).to_have_url(re.compile("/waiting$"))
    bodies = [body for body in sent if "credential" in body]
    assert len(bodies) == 1
    assert "prf" not in bodies[0]


async def _register(console: Console, **changes: object) -> tuple[Page, str | None]:
    page = await console.open_browser()
    await add_authenticator(page, **changes)
    await log_in(page)
    await page.goto("/account")
    before = len(await console.stage.accounts.list_passkeys("robin"))
    await page.get_by_role("button", name="Add a passkey on this device").click()
    await expect(page.locator("#account li:has-text('Remove')")).to_have_count(before + 1)
    return page, await read_key(page)


async def _send(page: Page, credential: str) -> int:
    token = find_token(await page.content())
    answer = await page.request.post("/login/passkey", form={"csrf": token, "credential": credential})
    return answer.status


def _change_signature(credential: str) -> str:
    document = json.loads(credential)
    signature = document["response"]["signature"]
    document["response"]["signature"] = signature[:20] + ("A" if signature[20] != "A" else "B") + signature[21:]
    return json.dumps(document)
