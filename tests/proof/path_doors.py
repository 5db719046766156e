"""What comes to the doors and is no message: forged, unreadable, too large, misdirected; and words in forms."""

import json
from typing import Any

from tests.proof.canaries import Canary
from tests.proof.paths import path
from tests.proof.scene import Scene


async def _knock(scene: Scene, url: str, method: str = "POST", **more: Any) -> int:
    async with scene.http.request(method, url, allow_redirects=False, **more) as answer:
        await answer.read()
        return answer.status


def _words(canary: Canary) -> str:
    return f"he took my phone {canary.word} +1{canary.number} {canary.chat}"


@path("forged webhooks", "")
async def _forged(scene: Scene, canary: Canary, _channel: str) -> None:
    door, words = scene.stack.url("webhooks"), _words(canary)
    headers = {
        "X-Twilio-Signature": words,
        "X-Telegram-Bot-Api-Secret-Token": words,
        "User-Agent": words,
        "X-Forwarded-For": words,
        "I-Twilio-Idempotency-Token": words,
        "Host": "localhost",
    }
    assert (
        await _knock(scene, f"{door}/webhooks/sms", data={"Body": words, "From": canary.number}, headers=headers) == 403
    )
    assert await _knock(scene, f"{door}/webhooks/telegram", json={"message": {"text": words}}, headers=headers) == 403
    settings = {**headers, "X-Twilio-Signature-Settings": words}
    assert await _knock(scene, f"{door}/webhooks/sms/status", data={"Body": words}, headers=settings) == 403


@path("misdirected requests", "")
async def _misdirected(scene: Scene, canary: Canary, _channel: str) -> None:
    words = _words(canary)
    for program in ("webhooks", "console", "worker", "actions", "rasa"):
        door = scene.stack.url(program)
        for place in (f"/{canary.word}", "/webhooks/sms", "/metrics", "/login", "/turn"):
            for method in ("GET", "POST", "PUT"):
                await _knock(
                    scene, f"{door}{place}", method, params={"q": words}, data=words, headers={"X-Words": words}
                )


@path("unreadable payloads")
async def _unreadable(scene: Scene, canary: Canary, channel: str) -> None:
    words, url = _words(canary), f"{scene.stack.url('phone')}/practice/updates"
    bodies: list[dict[str, Any]] = [{}, {"Body": words}, {"From": words, "Body": words}, {words: words}]
    if channel == "telegram":
        bodies += [
            {"update_id": words},
            {"message": words},
            {"update_id": 1, "message": {"chat": {"id": words}, "text": words}},
        ]
        bodies += [{"update_id": 2, "message": {"chat": {"id": int(canary.chat)}, "text": {"a": words}}}]
    for body in bodies:
        async with scene.http.post(url, json={"channel": channel, **body}) as answer:
            assert (await answer.json())["status"] in {200, 403}


@path("giant, deep and broken bodies", "")
async def _giant(scene: Scene, canary: Canary, _channel: str) -> None:
    door, words = scene.stack.url("webhooks"), _words(canary)
    secret = _secret(scene, "webhooks", "TELEGRAM_WEBHOOK_SECRET")
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret, "Content-Type": "application/json"}
    for body in (
        words * 20_000,
        "[" * 100_000 + words,
        f'{{"{words}": ',
        f'{{"update_id": "{words}"}}',
        f"\xff{words}",
    ):
        await _knock(scene, f"{door}/webhooks/telegram", data=body.encode("latin-1"), headers=headers)


@path("statuses with words", "sms")
async def _statuses(scene: Scene, canary: Canary, channel: str) -> None:
    texter = scene.texter(canary, channel)
    await texter.texts(f"hi {canary.word}")
    body = {
        "channel": "sms",
        "_path": "/webhooks/sms/status",
        "MessageSid": "SM" + "f" * 32,
        "MessageStatus": "failed",
        "To": texter.address,
        "Body": _words(canary),
        "ErrorCode": "30003",
        "ErrorMessage": _words(canary),
    }
    async with scene.http.post(f"{scene.stack.url('phone')}/practice/updates", json=body) as answer:
        assert (await answer.json())["status"] == 200
    await texter.settles()


@path("rasa asked wrongly", "")
async def _rasa(scene: Scene, canary: Canary, _channel: str) -> None:
    words, door = _words(canary), f"{scene.stack.url('rasa')}/turn"
    headers = {"Authorization": f"Bearer {_secret(scene, 'worker', 'PORCHLIGHT_RASA_TOKEN')}"}
    whole = {
        "turn_id": "a" * 24,
        "text": words,
        "language": "en",
        "channel": "sms",
        "now": "2026-11-21T20:00:00+00:00",
        "state": {},
        "choice": None,
    }
    broken: list[Any] = [
        words,
        {"text": words},
        {**whole, "state": {"slots": {words: words}}},
        {**whole, "state": words},
        {**whole, "state": {"slots": {"area": words}, "loop": words, "latest": [words]}},
        {**whole, "now": words},
        {**whole, "turn_id": words},
        {**whole, "choice": words},
        {**whole, "text": {"a": words}},
    ]
    for body in broken:
        await _knock(scene, door, json=body, headers=headers)
    await _knock(scene, door, data=f'{{"text": "{words}', headers=headers)
    assert await _knock(scene, door, json=whole, headers={"Authorization": words}) == 403
    assert await _knock(scene, door, json=whole, headers=headers) == 200


@path("actions asked wrongly", "")
async def _actions(scene: Scene, canary: Canary, _channel: str) -> None:
    words, door = _words(canary), f"{scene.stack.url('actions')}/webhook"
    token = {"token": _secret(scene, "actions", "PORCHLIGHT_ACTIONS_TOKEN")}
    tracker = {
        "sender_id": canary.chat,
        "slots": {"area": words},
        "latest_message": {"text": words, "intent": words},
        "events": [{"event": "user", "text": words}],
        "paused": False,
        "active_loop": {},
    }
    for body in (
        words,
        {"tracker": words},
        {"tracker": {}},
        {"next_action": words, "tracker": tracker},
        {"next_action": "action_find_place", "tracker": {**tracker, "slots": words}},
        {"next_action": "action_find_place", "tracker": {**tracker, "latest_message": words, "events": words}},
    ):
        await _knock(scene, door, json=body, params=token)
    await _knock(scene, door, data=f'{{"{words}', params=token)
    await _knock(scene, door, json={"tracker": tracker}, params={"token": words})


@path("console: wrong names, passwords, forms and addresses", "")
async def _console(scene: Scene, canary: Canary, _channel: str) -> None:
    words, door = _words(canary), scene.stack.url("console")
    headers = {
        "Origin": door,
        "Referer": f"{door}/{canary.word}",
        "User-Agent": words,
        "Cookie": f"login={canary.word}",
    }
    for place in (
        "/login",
        "/login/salt",
        "/join",
        "/referral/options",
        "/stay",
        "/people",
        "/pages/prove",
        "/flag",
        f"/conversations/{canary.word}/reply",
        f"/join/{canary.word}",
    ):
        form = {
            "name": words,
            "proof": words,
            "code": words,
            "password": words,
            "csrf": words,
            "area": words,
            "text": words,
        }
        await _knock(scene, f"{door}{place}", data=form, headers=headers, params={"notice": words})
        await _knock(scene, f"{door}{place}", "GET", headers=headers, params={"notice": words})
        await _knock(
            scene, f"{door}{place}", data=json.dumps(form), headers={**headers, "Content-Type": "application/json"}
        )


def _secret(scene: Scene, program: str, name: str) -> str:
    from pathlib import Path

    environment = scene.stack.env(program)
    return environment.get(name) or Path(environment[f"{name}_FILE"]).read_text().strip()
