"""The console as it runs, over a real store with its own rights and the real checker: what two agree on is served.

`make test` has the same in a browser, over everything: tests/functional/test_content_stories.py.
"""

import asyncio
from typing import Any

import httpx
import pytest

from app.console import _build_application, _Kept
from app.settings import load_settings
from app.stack import Stack
from app.staff import add_account
from console.cookies import build_token
from storage.connection import Store
from storage.content_files import load_documents
from storage.content_following import LiveContent, Served
from storage.content_sets import ContentSets
from tests.console.conftest import try_login

PASSWORD = "a long enough password"
NEW = "Being hungry is hard. To find food near you, {info_211.how}. Want to talk to a person here, or hear other ways?"


def read_food(served: Served) -> str:
    return str(served.documents["replies/en/topics_needs"]["replies"]["food"]["text"])


@pytest.mark.proof
async def test_a_change_is_written_approved_served_and_taken_back_g2_d7(tmp_path: Any) -> None:
    """As the pages post it; the follower is what a worker, the console and the actions look with."""
    async with Stack(tmp_path / "stack", programs=(), free_ports=True) as stack:
        for name, role in (("ann", "admin"), ("ben", "supervisor")):
            await add_account(stack.store_url("staff"), name, PASSWORD, (role,), "en", 2)
        kept = _Kept(load_settings(stack.env("console"), "console"), asyncio.Event())
        follower = LiveContent(ContentSets(Store(stack.store_url("worker"))), read_food, lambda *_: None)
        assert "makes the whole day harder" in await follower.start()
        app = _build_application(kept, load_documents())
        async with build_client(app) as ann, build_client(app) as ben:
            assert (await try_login(ann, "ann", PASSWORD)).status_code == 200
            assert (await try_login(ben, "ben", PASSWORD)).status_code == 200
            typed = {"kind": "replies", "entry": "food", "note": "Shorter.", "text_en": NEW, "base_version": "0"}
            draft = (await post(ann, "/content/entry", **typed)).partition("?")[0]
            assert await follower.look() is None or follower.number == 1
            digest = (await kept.editing.desk.show(draft.rpartition("/")[2])).digest
            assert (await post(ann, f"{draft}/approve", digest=digest)).endswith("own_draft")
            assert (await post(ben, f"{draft}/approve", digest=digest)).endswith("approved")
            assert await post(ben, f"{draft}/publish") == "/content?notice=live"
            assert await follower.look() == NEW
            assert (await post(ben, "/content/rollback", version="1")).endswith("rolled_back")
            assert "makes the whole day harder" in str(await follower.look())
            assert "ben went back: Back to version 1." in (await ben.get("/content/history")).text


def build_client(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8081")


async def post(client: httpx.AsyncClient, path: str, /, **form: str) -> str:
    """Where the answer leads."""
    answer = await client.post(path, data={"csrf": build_token(client.cookies["porchlight"]), **form})
    return answer.headers.get("location", answer.text)
