"""X2: only what carries the secret passes, and no secret is no start."""

import hmac
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.telegram.connector import TelegramConfig, TelegramConnector
from connectors.telegram.verification import verify_secret
from tests.connectors.payloads import SECRET, text_update, told

HEADER = "x-telegram-bot-api-secret-token"


def test_the_secret_is_accepted() -> None:
    assert verify_secret(told(text_update("hello")).headers, SECRET)


@pytest.mark.parametrize(
    "headers", [{}, {HEADER: ""}, {HEADER: SECRET + "x"}, {HEADER: SECRET[:-1]}, {HEADER: "é\udc00"}]
)
def test_anything_else_is_refused(headers: dict[str, str]) -> None:
    assert not verify_secret(headers, SECRET)


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}])
def test_an_empty_secret_matches_nothing(headers: dict[str, str]) -> None:
    assert not verify_secret(headers, "")


@given(st.integers(0, len(SECRET) - 1), st.characters())
def test_any_changed_character_of_the_secret_is_refused(at: int, put: str) -> None:
    given_ = SECRET[:at] + put + SECRET[at + 1 :]
    assert verify_secret({HEADER: given_}, SECRET) is (given_ == SECRET)


@given(st.text())
def test_verifying_never_raises(given_: str) -> None:
    assert verify_secret({HEADER: given_}, SECRET) is (given_ == SECRET)


def test_the_comparison_takes_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []
    real = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: compared.append((a, b)) or real(a, b))
    assert verify_secret({HEADER: SECRET}, SECRET)
    assert compared == [(SECRET.encode(), SECRET.encode())]


@pytest.mark.parametrize("secret", ["", " ", "has a space", "é", "x" * 257])
def test_a_secret_that_is_missing_or_impossible_stops_the_start(secret: str) -> None:
    """X3."""
    with pytest.raises(ValueError, match=r"^telegram: TELEGRAM_WEBHOOK_SECRET [^\n]+$"):
        TelegramConnector(replace(TelegramConfig(SECRET, "1:token"), webhook_secret=secret), sending=False)
