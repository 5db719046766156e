"""Replies: sealed on their way, held back with a code, never quoted (A8, P2, R10)."""

import base64

import httpx
import pytest

from console.ports import StoreError
from hotline.reply_checks import LONGEST_REPLY
from tests.console.conftest import Stage, post, seal_reply

REPLY = "/conversations/c1/reply"


async def test_a_reply_goes_to_the_worker_as_the_browser_sealed_it(stage: Stage, robin: httpx.AsyncClient) -> None:
    """P2: the console holds nothing that opens it."""
    await stage.hold("c1")
    sealed = seal_reply(stage, "I am here. ¿Sí?")
    answer = await post(robin, REPLY, htmx=True, sealed=sealed)
    assert answer.status_code == 200
    assert answer.headers["hx-trigger"] == "replied"
    assert stage.desk.commands[0].text == sealed
    assert not stage.desk.commands[0].confirmed
    assert stage.desk.said == ["I am here. ¿Sí?"]


@pytest.mark.parametrize(
    ("text", "words"), [("  ", "Write something"), ("x" * (LONGEST_REPLY + 1), "Too long"), ("€" * 9000, "Too long")]
)
async def test_an_empty_or_endless_reply_is_not_sent(
    stage: Stage, robin: httpx.AsyncClient, text: str, words: str
) -> None:
    await stage.hold("c1")
    answer = await post(robin, REPLY, htmx=True, sealed=seal_reply(stage, text))
    assert answer.status_code == 422
    assert words in answer.text
    assert stage.desk.said == []


@pytest.mark.parametrize("case", ["nothing sealed", "no base64", "another conversation", "another advocate", "changed"])
async def test_a_reply_that_does_not_open_is_not_sent(stage: Stage, robin: httpx.AsyncClient, case: str) -> None:
    await stage.hold("c1")
    changed = bytearray(base64.b64decode(seal_reply(stage, "hello")))
    changed[-1] ^= 1
    sealed = {
        "nothing sealed": "",
        "no base64": "hello",
        "another conversation": seal_reply(stage, "hello", conversation="c2"),
        "another advocate": seal_reply(stage, "hello", name="luz"),
        "changed": base64.b64encode(bytes(changed)).decode(),
    }[case]
    answer = await post(robin, REPLY, htmx=True, sealed=sealed)
    assert answer.status_code == 422
    assert "did not arrive as they were sealed" in answer.text
    assert stage.desk.said == []


async def test_words_that_come_unsealed_go_nowhere(stage: Stage, robin: httpx.AsyncClient) -> None:
    """P2: a page that failed to seal must not be answered with a delivery."""
    await stage.hold("c1")
    answer = await post(robin, REPLY, htmx=True, text="unique lantern words")
    assert answer.status_code == 422
    assert "lantern" not in answer.text
    assert stage.desk.commands == []


async def test_writing_first_needs_a_second_click(stage: Stage, robin: httpx.AsyncClient) -> None:
    """R10."""
    await stage.hold("c1", silent=True)
    sealed = seal_reply(stage, "Are you OK?")
    held_back = await post(robin, REPLY, htmx=True, sealed=sealed)
    assert held_back.status_code == 409
    assert 'name="confirmed"' in held_back.text
    assert len(stage.desk.windows["c1"]) == 2
    assert (await post(robin, REPLY, htmx=True, sealed=sealed, confirmed="yes")).status_code == 200
    assert stage.desk.commands[-1].confirmed == ("near",)
    assert len(stage.desk.windows["c1"]) == 3


async def test_a_number_that_is_not_ours_needs_a_second_click_and_keeps_the_first(
    stage: Stage, robin: httpx.AsyncClient
) -> None:
    """A8, with R10's click before it."""
    await stage.hold("c1", silent=True)
    sealed = seal_reply(stage, "Call me on 702 555 0199")
    assert (await post(robin, REPLY, htmx=True, sealed=sealed)).status_code == 409
    caught = await post(robin, REPLY, htmx=True, sealed=sealed, confirmed="yes")
    assert caught.status_code == 409
    assert "Never give your own number" in caught.text
    assert 'type="hidden" name="confirmed"' in caught.text
    assert stage.desk.said == []
    sent = await post(robin, REPLY, htmx=True, sealed=sealed, number_checked="yes", confirmed="yes")
    assert sent.status_code == 200
    assert stage.desk.commands[-1].confirmed == ("near", "number")


async def test_a_store_that_goes_away_while_sending_leaves_the_outcome_open(
    stage: Stage, robin: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.hold("c1")

    async def lose(command: object) -> str:
        raise StoreError

    monkeypatch.setattr(stage.desk, "submit", lose)
    failed = await post(robin, REPLY, htmx=True, sealed=seal_reply(stage, "hello"))
    assert failed.status_code == 503
    assert "We do not know whether it went out" in failed.text


@pytest.mark.parametrize("answer", ["slow", "gone", "not yours"])
async def test_a_reply_that_fails_is_never_quoted(stage: Stage, robin: httpx.AsyncClient, answer: str) -> None:
    await stage.hold("c1")
    if answer == "slow":
        stage.desk.slow = True
    elif answer == "gone":
        del stage.desk.open["c1"]
    else:
        await stage.hold("c1", by="luz")
    sealed = seal_reply(stage, "unique lantern words")
    failed = await post(robin, REPLY, htmx=True, sealed=sealed)
    assert failed.status_code in {404, 503}
    assert sealed[:40] not in failed.text
    assert "hx-trigger" not in failed.headers


async def test_a_claim_lost_between_look_and_reply_is_the_workers_word(
    stage: Stage, robin: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.hold("c1")

    async def lose(command: object) -> str:
        return "not_yours"

    monkeypatch.setattr(stage.desk, "submit", lose)
    failed = await post(robin, REPLY, htmx=True, sealed=seal_reply(stage, "hello"))
    assert failed.status_code == 409
    assert "no longer with you" in failed.text
