"""Providers that fail, and tell the words and the number in their errors."""

from storage.connection import Store
from tests.proof.canaries import Canary
from tests.proof.paths import path
from tests.proof.scene import Scene


def _fails(kind: str, *channels: str) -> None:
    @path(f"the provider answers {kind}", *channels)
    async def walk(scene: Scene, canary: Canary, channel: str) -> None:
        texter = scene.texter(canary, channel)
        await texter.texts(f"hi {canary.word}")
        await texter.meets_fault(kind, 1, seconds=1)
        await texter.posts("NUMBER")
        await texter.settles(60)


for _kind in ("429", "500", "503", "timeout", "drop", "echo"):
    _fails(_kind)
for _kind in ("21610", "21211", "30003"):
    _fails(_kind, "sms")
_fails("blocked", "telegram")


@path("the store is full")
async def _full(scene: Scene, canary: Canary, channel: str) -> None:
    """What the store does not take lies sealed at the door, and is answered once the store takes it."""
    store = Store(scene.stack.store_url("proof"))
    texter = scene.texter(canary, channel)
    await texter.texts(f"hi {canary.word}")
    await store.call("CONFIG", "SET", "maxmemory", 1)
    try:
        taken = await _post(scene, channel, texter.address, f"he hits me {canary.word}")
    finally:
        await store.call("CONFIG", "SET", "maxmemory", 0)
    assert taken == 200
    assert await texter.hears()
    await texter.texts(f"are you there {canary.word}")
    await store.aclose()


@path("the store is full in the middle of a turn")
async def _full_at_commit(scene: Scene, canary: Canary, channel: str) -> None:
    store = Store(scene.stack.store_url("proof"))
    texter = scene.texter(canary, channel)
    scene.stack.pause("worker")
    await texter.posts(f"i want to kill myself {canary.word}")
    await store.call("CONFIG", "SET", "maxmemory", 1)
    scene.stack.resume("worker")
    try:
        import asyncio

        await asyncio.sleep(2)
    finally:
        await store.call("CONFIG", "SET", "maxmemory", 0)
        await store.aclose()
    assert any("988" in reply for reply in await texter.hears())


@path("the keys are gone")
async def _keys_gone(scene: Scene, canary: Canary, channel: str) -> None:
    texter = scene.texter(canary, channel)
    await texter.texts(f"i want to kill myself {canary.word}")
    await scene.stack.kill("keys")
    await scene.stack.wait_ready("keys")
    await texter.texts(f"are you there {canary.word}")


async def _post(scene: Scene, channel: str, address: str, text: str) -> int:
    """A webhook signed as the provider's, once."""
    if channel == "sms":
        body = {
            "From": address,
            "To": scene.stack.settings.twilio_from,
            "Body": text,
            "NumMedia": "0",
            "MessageSid": "SM" + address[-10:].rjust(32, "e"),
            "AccountSid": scene.stack.settings.twilio_account_sid,
        }
    else:
        chat = {"id": int(address), "type": "private", "first_name": text}
        body = {
            "update_id": int(address) % 10**9,
            "message": {"message_id": 7, "date": 1, "chat": chat, "from": {**chat, "is_bot": False}, "text": text},
        }  # type: ignore[dict-item]
    url = f"{scene.stack.url('phone')}/practice/updates"
    async with scene.http.post(url, json={"channel": channel, **body}) as answer:
        return int((await answer.json())["status"])
