"""The route that serves the actions: a token, and errors that say nothing."""

import logging
from typing import Any

import httpx
import pytest
from rasa_sdk import Action

from bot.actions.__main__ import read_bind, read_mode, read_seconds
from bot.actions.action_again import ActionAgain
from bot.actions.server import LARGEST_BODY, ActionsSettingsError, build_application
from bot.recycling import Recycling

TOKEN = "t" * 32
CANARY = "canary sentence 4417"


class Failing(Action):  # type: ignore[misc]
    def name(self) -> str:
        return "action_failing"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        raise ValueError(tracker.latest_message["text"])


def call(name: str) -> dict[str, Any]:
    return {"next_action": name, "tracker": {"sender_id": "x", "slots": {}, "latest_message": {"text": CANARY}}}


@pytest.fixture
def client() -> httpx.AsyncClient:
    actions = {action.name(): action for action in (ActionAgain(), Failing())}
    application = build_application(actions, TOKEN, Recycling(10, 10.0))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=application), base_url="http://actions")


async def test_an_action_answers_in_rasas_own_shape(client: httpx.AsyncClient) -> None:
    answer = await client.post("/webhook", params={"token": TOKEN}, json=call("action_again"))
    assert answer.status_code == 200
    assert answer.json()["events"] == []
    assert answer.json()["responses"][0]["custom"] == {"key": "number_none"}


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN + "t", "ñ"])
async def test_without_the_token_nothing_runs(client: httpx.AsyncClient, token: str | None) -> None:
    params = {} if token is None else {"token": token}
    assert (await client.post("/webhook", params=params, json=call("action_failing"))).status_code == 403


async def test_a_failing_action_tells_nobody_what_was_said(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """P1: the SDK's own server answers with the whole tracker."""
    caplog.set_level(logging.DEBUG)
    answer = await client.post("/webhook", params={"token": TOKEN}, json=call("action_failing"))
    assert (answer.status_code, answer.json()) == (500, {"error": "failed"})
    assert "action failed: ValueError" in caplog.text
    assert CANARY not in caplog.text


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"tracker": 1}', b"x" * (LARGEST_BODY + 1), b"[" * 100_000])
async def test_a_body_that_is_no_call_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    assert (await client.post("/webhook", params={"token": TOKEN}, content=body)).status_code == 422


async def test_an_unknown_action_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.post("/webhook", params={"token": TOKEN}, json=call("action_x"))).status_code == 404


@pytest.mark.parametrize("token", ["", "t" * 31])
def test_without_a_token_it_does_not_start(token: str) -> None:
    with pytest.raises(ActionsSettingsError):
        build_application({}, token, Recycling(1, 1.0))


@pytest.mark.parametrize("bind", ["0.0.0.0:8084", "10.0.0.1:8084", "8084", "127.0.0.1:", ":8084"])
def test_it_binds_loopback_alone(bind: str) -> None:
    with pytest.raises(ActionsSettingsError):
        read_bind({"PORCHLIGHT_ACTIONS_BIND": bind})


def test_the_mode_has_no_default() -> None:
    """X3."""
    assert read_mode({"PORCHLIGHT_MODE": "live"}) == "live"
    with pytest.raises(ActionsSettingsError):
        read_mode({})


@pytest.mark.parametrize("said", ["0", "-1", "soon", "nan", "3600"])
def test_the_actions_look_for_new_content_neither_always_nor_never(said: str) -> None:
    """D7: what is pulled is gone within a minute."""
    assert read_seconds({}) == 5
    with pytest.raises(ActionsSettingsError):
        read_seconds({"PORCHLIGHT_CONTENT_SECONDS": said})
