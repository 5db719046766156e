"""What the console refuses of a passkey's answer, signed by an authenticator that lies (A6)."""

import base64
import hashlib
import json
from dataclasses import dataclass, field

import cbor2
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from console.ports import Passkey
from tests.console.conftest import Stage, find_token

ORIGIN, HOST = "https://console.example.org", "console.example.org"
PRESENT, VERIFIED = 1, 4


@dataclass
class Authenticator:
    """Signs whatever it is told to."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = b"\x01" * 32

    def public(self) -> bytes:
        """COSE, ES256."""
        point = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})

    def sign(self, challenge: str, **changes: object) -> str:
        told = {
            "origin": ORIGIN,
            "host": HOST,
            "type": "webauthn.get",
            "flags": PRESENT | VERIFIED,
            "count": 7,
            **changes,
        }
        client = json.dumps({"type": told["type"], "challenge": challenge, "origin": told["origin"]}).encode()
        host = hashlib.sha256(str(told["host"]).encode()).digest()
        data = host + bytes([told["flags"]]) + int(told["count"]).to_bytes(4)  # type: ignore[list-item,call-overload]
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {"clientDataJSON": _text(client), "authenticatorData": _text(data), "signature": _text(signature)}
        return json.dumps({"id": _text(self.id), "rawId": _text(self.id), "type": "public-key", "response": response})


@pytest.fixture
def stage() -> Stage:
    return Stage(url=ORIGIN)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 200),
        ({"flags": PRESENT}, 401),
        ({"flags": VERIFIED}, 401),
        ({"origin": "https://console.example.net"}, 401),
        ({"host": "example.net"}, 401),
        ({"type": "webauthn.create"}, 401),
        ({"count": 5}, 401),
        ({"count": 4}, 401),
    ],
)
async def test_only_a_verified_person_at_this_console_with_a_growing_counter_comes_in(
    stage: Stage, changes: dict[str, object], status: int
) -> None:
    authenticator = Authenticator()
    await _add(stage, authenticator)
    async with stage.visit() as client:
        token, challenge = await _ask(client)
        answer = await _send(client, token, authenticator.sign(challenge, **changes))
    assert answer.status_code == status
    assert bool(stage.accounts.logins) is (status == 200)


async def test_an_answer_to_another_challenge_or_by_another_key_is_refused(stage: Stage) -> None:
    authenticator = Authenticator()
    await _add(stage, authenticator)
    async with stage.visit() as client:
        token, challenge = await _ask(client)
        signed = authenticator.sign(challenge)
        await _ask(client)
        assert (await _send(client, token, signed)).status_code == 401
        token, challenge = await _ask(client)
        assert (await _send(client, token, Authenticator().sign(challenge))).status_code == 401
        token, challenge = await _ask(client)
        stage.clock.pass_seconds(5 * 60)
        assert (await _send(client, token, authenticator.sign(challenge))).status_code == 401


@pytest.mark.parametrize(
    "credential", ["", "[]", "{}", '{"id": 7}', '{"id": "AQEB"}', '{"id"', '{"id":"' + "A" * 5000 + '"}']
)
async def test_what_is_no_answer_at_all_is_refused_like_any_other(stage: Stage, credential: str) -> None:
    await _add(stage, Authenticator())
    async with stage.visit() as client:
        token, _ = await _ask(client)
        answer = await _send(client, token, credential)
    assert (answer.status_code, answer.json()) == (401, {"problem": "passkey_refused"})


async def _add(stage: Stage, authenticator: Authenticator) -> None:
    passkey = Passkey(_text(authenticator.id), "robin", authenticator.public(), 5, "Test", "2026-11-21")
    assert await stage.accounts.add_passkey(passkey)


async def _ask(client: httpx.AsyncClient) -> tuple[str, str]:
    token = find_token((await client.get("/login")).text)
    options = (await client.post("/login/passkey/options", data={"csrf": token})).json()
    assert options["userVerification"] == "required"
    return token, options["challenge"]


async def _send(client: httpx.AsyncClient, token: str, credential: str) -> httpx.Response:
    return await client.post("/login/passkey", data={"csrf": token, "credential": credential})


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
