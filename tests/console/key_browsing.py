"""Browsers that get in by every way, for tests of keys."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, expect

from app.ports import find_free_ports
from tests.console.conftest import Stage
from tests.console.fakes import PASSWORD
from tests.console.serving import serve

KEY = "async () => { const k = await (await import('/static/keys.js')).readerKey(); if (!k) return null; \
const hex = (await import('/static/locks.js')).hex; return [hex(k.raw32Public), k.privateKey.extractable]; }"
AUTHENTICATOR = {
    "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "hasPrf": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@dataclass
class Console:
    """A console that is being served, and people with browsers of their own."""

    stage: Stage
    url: str
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    async def open_browser(self, **options: object) -> Page:
        context = await self.browser.new_context(base_url=self.url, **options)  # type: ignore[arg-type]
        self.contexts.append(context)
        return await self.open_tab(context)

    async def open_tab(self, context: BrowserContext) -> Page:
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text) if "Content Sec" in line.text else None)
        return page


@asynccontextmanager
async def serving(stage: Stage, browser: Browser, host: str = "127.0.0.1") -> AsyncIterator[Console]:
    """The stage on a port of its own; whatever a page objects to on its console fails the test."""
    port = find_free_ports(1)[0]
    stage.url = f"http://{host}:{port}"
    async with serve(stage.build(), port):
        console = Console(stage, stage.url, browser)
        yield console
        for context in console.contexts:
            await context.close()
    assert console.complaints == []


async def log_in(page: Page, name: str = "robin", password: str = PASSWORD, *, to: str = "/waiting$") -> None:
    await page.goto("/login")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Log in", exact=True).click()
    await expect(page).to_have_url(re.compile(to))


async def join(page: Page, token: str, password: str) -> None:
    await page.goto(f"/join#{token}")
    await page.get_by_label("New password").fill(password)
    await page.get_by_label("The same again").fill(password)
    await page.get_by_role("button", name="Join", exact=True).click()


async def read_key(page: Page) -> str | None:
    """The public key of what is open in this tab, in hex; the private one can never be read out."""
    found = await page.evaluate(KEY)
    assert found is None or found[1] is False
    return found[0] if found else None


async def add_authenticator(page: Page, **changes: object) -> tuple[CDPSession, str]:
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    added = await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**AUTHENTICATOR, **changes}})
    return devtools, added["authenticatorId"]


async def print_code(page: Page) -> str:
    await page.goto("/recovery")
    await expect(page.locator("#recovery-code")).to_have_text(re.compile(r"^\S{4}( \S{4}){7}$"))
    code = await page.locator("#recovery-code").inner_text()
    await page.get_by_label("I have it on paper").check()
    await page.get_by_role("button", name="Done").click()
    await expect(page).to_have_url(re.compile("/waiting$"))
    return code
