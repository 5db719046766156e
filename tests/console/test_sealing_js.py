"""Browser and server seal for each other: RFC 9180's vector in Chromium, and both ways across (P2)."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Error, Page

from tests.console.conftest import Stage
from tests.console.serving import serve
from vault.errors import SealBroken
from vault.inbox import InboxPrivateKey
from vault.readers import LinePlace, ReaderPrivateKey, open_line, open_wrap, seal_line, wrap_epoch

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

VECTOR = json.loads((Path(__file__).parents[1] / "vault/vectors/hpke_x25519_sha256_aes256gcm.json").read_text())
PLACE = LinePlace("c1", "e" * 16, "advocate", "2026-11-21T04:00:00.123456+00:00", "a1b2c3")
WORDS = ["", "he wont let me", "¿Estás ahí? ñ", "\U0001f54a\ufe0f\u200d \x00 <b>", "x" * 5000]
HEAD = """
const s = await import("/static/sealing.js");
const raw = s.fromBase64;
const place = """ + json.dumps({name: getattr(PLACE, name) for name in ("epoch", "who", "at", "number")})
MAKE_EPOCH = """
const reader = await s.importReaderKey(raw(a.reader));
const epoch = await s.openWrap(reader, "c1", place.epoch, "robin", raw(a.wrap));
"""


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def page(browser: Browser) -> AsyncIterator[Page]:
    async with serve(Stage().build()) as url:
        page = await browser.new_page(base_url=url)
        await page.goto("/login")
        yield page
        await page.close()


async def run(page: Page, body: str, **values: object) -> Any:
    return await page.evaluate(f"async (a) => {{ {HEAD};\n{body} }}", values)


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


async def test_the_rfc_9180_vector_opens_in_the_browser(page: Page) -> None:
    first = VECTOR["encryptions"][0]
    values = {k: b64(bytes.fromhex(VECTOR[k])) for k in ("skRm", "info", "enc")}
    values |= {k: b64(bytes.fromhex(first[k])) for k in ("aad", "ct")}
    plain, public = await run(
        page,
        """
        const h = await import("/static/vendor/hpke.js");
        const suite = new h.CipherSuite(
          h.KEM_DHKEM_X25519_HKDF_SHA256, h.KDF_HKDF_SHA256, h.AEAD_AES_256_GCM);
        const pair = await s.importReaderKey(raw(a.skRm));
        const plain = await suite.Open(pair, raw(a.enc), raw(a.ct), {info: raw(a.info), aad: raw(a.aad)});
        return [s.toBase64(plain), s.toBase64(pair.raw32Public)];
        """,
        **values,
    )
    assert base64.b64decode(plain).hex() == first["pt"]
    assert base64.b64decode(public).hex() == VECTOR["pkRm"]


@pytest.mark.parametrize("words", WORDS)
async def test_what_the_worker_seals_the_browser_opens(page: Page, words: str) -> None:
    reader, epoch = ReaderPrivateKey.create(), ReaderPrivateKey.create()
    opened = await run(
        page,
        MAKE_EPOCH + "return s.openLine(epoch, 'c1', place, raw(a.sealed));",
        reader=b64(reader.raw),
        wrap=b64(wrap_epoch(epoch, reader.public(), "c1", PLACE.epoch, "robin")),
        sealed=b64(seal_line(epoch.public(), PLACE, words)),
    )
    assert opened == words


@pytest.mark.parametrize("case", ["conversation", "epoch", "who", "at", "number", "byte", "reader"])
async def test_what_was_moved_or_changed_does_not_open_in_the_browser(page: Page, case: str) -> None:
    reader, epoch = ReaderPrivateKey.create(), ReaderPrivateKey.create()
    sealed = bytearray(seal_line(epoch.public(), PLACE, "words"))
    sealed[-1] ^= case == "byte"
    wrap = wrap_epoch(epoch, reader.public(), "c1", PLACE.epoch, "robin")
    with pytest.raises(Error, match="OpenError"):
        await run(
            page,
            MAKE_EPOCH
            + "if (a.case in place) place[a.case] = 'other';"
            + "return s.openLine(epoch, a.case === 'conversation' ? 'c2' : 'c1', place, raw(a.sealed));",
            reader=b64(ReaderPrivateKey.create().raw if case == "reader" else reader.raw),
            wrap=b64(wrap),
            sealed=b64(bytes(sealed)),
            case=case,
        )


async def test_what_the_browser_hands_on_opens_here(page: Page) -> None:
    """Healing, with a reader key that the browser made."""
    reader, epoch = ReaderPrivateKey.create(), ReaderPrivateKey.create()
    private, public, wrap = await run(
        page,
        MAKE_EPOCH
        + """
        const fresh = await s.createReaderKey();
        const wrap = await s.wrapFor(epoch.raw, fresh.raw32Public, "c1", place.epoch, "luz");
        return [fresh.raw32Private, fresh.raw32Public, wrap].map(s.toBase64);
        """,
        reader=b64(reader.raw),
        wrap=b64(wrap_epoch(epoch, reader.public(), "c1", PLACE.epoch, "robin")),
    )
    fresh = ReaderPrivateKey(base64.b64decode(private))
    assert fresh.public() == base64.b64decode(public)
    assert open_wrap(fresh, "c1", PLACE.epoch, "luz", base64.b64decode(wrap)) == epoch
    assert open_line(epoch, PLACE, seal_line(epoch.public(), PLACE, "on")) == "on"


@pytest.mark.parametrize("words", WORDS)
async def test_a_reply_sealed_in_the_browser_opens_for_the_worker_alone(page: Page, words: str) -> None:
    inbox = InboxPrivateKey.create("0123456789abcdef")
    sealed = base64.b64decode(
        await run(
            page,
            "return s.toBase64(await s.sealReply({epoch: a.epoch, key: raw(a.key)}, 'c1', 'robin', a.words));",
            epoch=inbox.epoch,
            key=b64(inbox.public().raw),
            words=words,
        )
    )
    assert inbox.open(sealed, "reply|c1|robin").decode() == words
    for other in ("reply|c1|luz", "reply|c2|robin", "c1"):
        with pytest.raises(SealBroken):
            inbox.open(sealed, other)


async def test_a_private_key_in_use_cannot_be_read_out_again(page: Page) -> None:
    pair = await run(
        page,
        "const p = await s.importReaderKey(raw(a.key)); return [p.privateKey.extractable, p.publicKey.extractable];",
        key=b64(ReaderPrivateKey.create().raw),
    )
    assert pair == [False, True]
