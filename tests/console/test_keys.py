"""Reader keys in a real browser: made, opened, carried over tabs, changed, lost and found again (P2, A6)."""

import asyncio
import re

import pyotp
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from playwright.async_api import Browser, expect

from app.staff import derive_password
from console.entering import build_check_number
from tests.console.browsing import QUICK_PACE
from tests.console.conftest import Stage
from tests.console.fakes import CHEAP, COST, PASSWORD, SALT, build_proof
from tests.console.key_browsing import join, log_in, print_code, read_key, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
OTHER = "another long password"
LIVE_COST = 1 << 15


@pytest.fixture
def stage() -> Stage:
    return Stage(pace=QUICK_PACE)


async def test_the_first_login_makes_a_key_that_the_server_cannot_open_and_the_password_can(
    stage: Stage, browser: Browser
) -> None:
    async with serving(stage, browser) as console:
        page = await console.open_browser()
        await log_in(page)
        opened = await read_key(page)
    account = await stage.accounts.find("robin")
    (lock,) = await stage.accounts.list_locks("robin")
    assert account.public.hex() == opened
    assert stage.accounts.store.apply("HGETALL", "readers") == {b"robin": account.public}
    proof, wrap = derive_password(PASSWORD, lock.salt, COST)
    context = f"porchlight/v1/lock|password|{opened}".encode()
    sealed = bytes.fromhex(lock.wrapped)
    raw = AESGCM(wrap).decrypt(sealed[:12], sealed[12:], context)
    assert X25519PrivateKey.from_private_bytes(raw).public_key().public_bytes_raw() == account.public
    kept = repr(stage.accounts.store._rows) + repr(stage.accounts.memory._rows)
    for secret in (raw.hex(), wrap.hex(), proof, PASSWORD, repr(raw)[2:-1]):
        assert secret not in kept


async def test_a_password_and_its_wrapping_key_never_leave_the_browser(stage: Stage, browser: Browser) -> None:
    sent: list[str] = []
    async with serving(stage, browser) as console:
        page = await console.open_browser()
        page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
        await log_in(page)
    wrap = derive_password(PASSWORD, SALT, COST)[1]
    assert any("proof=" in line for line in sent)
    for secret in ("correct", wrap.hex()):
        assert not any(secret in line for line in sent)


async def test_a_second_device_opens_the_same_key_and_two_first_logins_at_once_agree(
    stage: Stage, browser: Browser
) -> None:
    async with serving(stage, browser) as console:
        one, two = await console.open_browser(), await console.open_browser()
        await asyncio.gather(log_in(one), log_in(two))
        opened = {await read_key(one), await read_key(two)}
        three = await console.open_browser()
        await log_in(three)
        assert {await read_key(three)} == opened
    assert len(await stage.accounts.list_locks("robin")) == 1


async def test_a_new_tab_has_the_login_and_asks_for_the_password_to_open_the_key(
    stage: Stage, browser: Browser
) -> None:
    async with serving(stage, browser) as console:
        page = await console.open_browser()
        await log_in(page)
        opened = await read_key(page)
        tab = await console.open_tab(page.context)
        await tab.goto("/recovery")
        await expect(tab).to_have_url(re.compile(r"/unlock\?next=%2Frecovery$"))
        await tab.get_by_label("Password").fill("wrong")
        await tab.get_by_role("button", name="Open").click()
        await expect(tab.get_by_text("That does not open your key.")).to_be_visible()
        await tab.get_by_label("Password").fill(PASSWORD)
        await tab.get_by_role("button", name="Open").click()
        await expect(tab).to_have_url(re.compile("/recovery$"))
        assert await read_key(tab) == await read_key(page) == opened


@pytest.mark.parametrize("way", ["button", "escape", "elsewhere"])
async def test_locking_takes_the_key_from_the_tab_and_its_half_from_the_server(
    stage: Stage, browser: Browser, way: str
) -> None:
    async with serving(stage, browser) as console:
        page = await console.open_browser()
        await log_in(page)
        assert stage.accounts.memory.keys("half:")
        if way == "button":
            await page.get_by_role("button", name="Lock", exact=True).click()
        elif way == "escape":
            await page.wait_for_load_state()  # the keys work once the script is there
            await page.keyboard.press("Escape")
            await page.keyboard.press("Escape")
        else:
            await stage.accounts.suspend("robin")
        await expect(page).to_have_url(re.compile("/login$"))
        assert await page.evaluate("Object.keys(sessionStorage)") == []
        assert stage.accounts.memory.keys("half:") == []


async def test_the_tab_without_the_half_opens_nothing(stage: Stage, browser: Browser) -> None:
    async with serving(stage, browser) as console:
        page = await console.open_browser()
        await log_in(page)
        for key in stage.accounts.memory.keys("half:"):
            stage.accounts.memory.apply("DEL", key)
        assert await read_key(page) is None


async def test_a_printed_code_opens_the_key_when_the_password_is_forgotten(stage: Stage, browser: Browser) -> None:
    async with serving(stage, browser) as console:
        page = await console.open_browser()
        await log_in(page)
        opened = await read_key(page)
        code = await print_code(page)
        await expect(page.locator("#print-code")).to_have_count(0)
        tab = await console.open_tab(page.context)
        await tab.goto("/unlock")
        await tab.locator("summary").click()
        await tab.locator("#printed").fill(code.lower().replace(" ", "-"))
        await tab.locator("#with-code button").click()
        await expect(tab).to_have_url(re.compile("/waiting$"))
        assert await read_key(tab) == opened
    assert code.replace(" ", "") not in repr(stage.accounts.store._rows)


async def test_a_new_password_opens_the_same_key_and_ends_every_other_login(stage: Stage, browser: Browser) -> None:
    async with serving(stage, browser) as console:
        page, other = await console.open_browser(), await console.open_browser()
        await log_in(page)
        await log_in(other)
        opened = await read_key(page)
        await page.goto("/account")
        await page.locator("summary", has_text="Change the password").click()
        await page.get_by_label("Password until now").fill("wrong")
        await page.get_by_label("New password").fill(OTHER)
        await page.get_by_label("The same again").fill(OTHER)
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("do not match")).to_be_visible()
        await page.get_by_label("Password until now").fill(PASSWORD)
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("The password is changed.")).to_be_visible()
        await expect(other).to_have_url(re.compile("/login$"))
        await log_in(other, password=OTHER)
        assert await read_key(other) == await read_key(page) == opened


async def test_an_invited_advocate_joins_once_and_the_token_reaches_no_log(stage: Stage, browser: Browser) -> None:
    token = await stage.accounts.create_invitation("wren", ("advocate",), "en", "admin")
    seen: list[str] = []
    async with serving(stage, browser) as console:
        page = await console.open_browser()
        page.on("request", lambda request: seen.extend([request.url, request.headers.get("referer", "")]))
        await join(page, token, OTHER)
        await expect(page).to_have_url(re.compile("/recovery$"))
        assert await read_key(page) is not None
        again = await console.open_browser()
        await again.goto(f"/join#{token}")
        await expect(again.get_by_text("not good any more")).to_be_visible()
        await expect(again.locator("#choose")).to_be_hidden()
        await log_in(again, "wren", OTHER)
    assert not any(token in line for line in seen)


@pytest.mark.parametrize("has_paper", [True, False])
async def test_a_lost_password_is_reset_and_the_printed_code_brings_the_old_key_back(
    stage: Stage, browser: Browser, has_paper: bool
) -> None:
    async with serving(stage, browser) as console:
        page = await console.open_browser()
        await log_in(page)
        opened = await read_key(page)
        code = await print_code(page)
        await stage.accounts.reset("robin")
        assert stage.accounts.store.apply("HGETALL", "readers") == {}
        await expect(page).to_have_url(re.compile("/login$"))
        token = await stage.accounts.create_invitation("robin", ("advocate",), "en", "admin")
        await join(page, token, OTHER)
        if has_paper:
            await page.get_by_label("Printed recovery code").fill("AAAA BBBB")
            await page.get_by_role("button", name="Use the code").click()
            await expect(page.get_by_text("That does not open your key.")).to_be_visible()
            await page.get_by_label("Printed recovery code").fill(code)
            await page.get_by_role("button", name="Use the code").click()
            await expect(page).to_have_url(re.compile("/waiting$"))
        else:
            await page.get_by_role("button", name="I do not have it").click()
            await expect(page).to_have_url(re.compile("/recovery$"))
        assert (await read_key(page) == opened) is has_paper
        account = await stage.accounts.find("robin")
        assert account.recovery is has_paper
        assert stage.accounts.store.apply("HGETALL", "readers") == {b"robin": account.public}


async def test_the_check_number_is_the_servers_and_the_page_prints_the_code_alone(
    stage: Stage, browser: Browser
) -> None:
    async with serving(stage, browser) as console:
        page = await console.open_browser()
        await log_in(page)
        account = await stage.accounts.find("robin")
        await page.goto("/account")
        await expect(page.locator("#check-number")).to_have_text(build_check_number(account.public))
        await page.emulate_media(media="print")
        await expect(page.locator("body")).to_be_hidden()
        await page.goto("/recovery")
        await expect(page.locator("#recovery-code")).to_have_text(re.compile("^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$"))
        await expect(page.locator("header")).to_be_hidden()


async def test_a_browser_refuses_a_weak_password_check_but_for_invented_texters(stage: Stage, browser: Browser) -> None:
    stage.practice = False
    async with serving(stage, browser) as console:
        page = await console.open_browser()
        await log_in(page, to="/login$")
        await expect(page.get_by_text("weak password check")).to_be_visible()
    assert stage.accounts.logins == {}


async def test_in_live_mode_a_first_login_prints_a_code_adds_an_app_and_then_asks_for_both(
    stage: Stage, browser: Browser
) -> None:
    stage.practice, stage.second_factor = False, True
    stage.accounts.add(
        "robin", "advocate", cost=LIVE_COST, password_hash=CHEAP.hash(build_proof(PASSWORD, SALT, LIVE_COST))
    )
    async with serving(stage, browser) as console:
        page = await console.open_browser()
        await log_in(page, to="/recovery$")
        await expect(page.get_by_role("link", name="Later")).to_have_count(0)
        await expect(page.locator("#recovery-code")).to_have_text(re.compile(r"^\S{4}( \S{4}){7}$"))
        await page.get_by_role("button", name="Done").click()
        await expect(page).to_have_url(re.compile("/recovery$"))
        await page.get_by_label("I have it on paper").check()
        await page.get_by_role("button", name="Done").click()
        await expect(page).to_have_url(re.compile("/account$"))
        await expect(page.get_by_text("One step is missing.")).to_be_visible()
        await page.get_by_role("button", name="Add an app").click()
        secret = (await page.locator("code").inner_text()).replace(" ", "")
        await page.get_by_label("Code of your app").fill(_code(stage, secret))
        await page.get_by_role("button", name="Check the code").click()
        await expect(page.get_by_text("From now on a code is asked for.")).to_be_visible()
        opened = await read_key(page)
        await page.get_by_role("button", name="Log out").click()
        await expect(page).to_have_url(re.compile("/login$"))
        stage.clock.pass_seconds(30)
        await log_in(page, to="/login$")
        await expect(page.get_by_label("Code of your app")).to_be_focused()
        await page.keyboard.type("000000")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("That code is not right")).to_be_visible()
        await page.get_by_label("Code of your app").fill(_code(stage, secret))
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(re.compile("/waiting$"))
        assert await read_key(page) == opened


def _code(stage: Stage, secret: str) -> str:
    return pyotp.TOTP(secret).at(int(stage.clock.now().timestamp()))
