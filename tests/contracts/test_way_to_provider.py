"""The way to a provider is broken: no name for it, a certificate that is over. Nothing leaves, and it is kept (X5)."""

import asyncio
import datetime as dt
import ssl
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from connectors.errors import SendError
from connectors.registry import build_connectors
from tests.connectors.provider import FakeProvider
from tests.contracts.test_connectors import CASES, Case

BY_CHANNEL = pytest.mark.parametrize("case", CASES, ids=[case.channel for case in CASES])


def _expired(folder: Path) -> ssl.SSLContext:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string("CN=localhost")
    over = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, over - dt.timedelta(days=90), over)
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "pem").write_bytes(
        built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM) + key.private_bytes(*plain)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "pem")
    return context


@BY_CHANNEL
async def test_a_provider_whose_certificate_is_over_is_told_nothing_and_asked_again(case: Case, tmp_path: Path) -> None:
    heard: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(10))

    async with FakeProvider() as provider:
        server = await asyncio.start_server(listen, "127.0.0.1", 0, ssl=_expired(tmp_path))
        url = f"https://localhost:{server.sockets[0].getsockname()[1]}"
        built = build_connectors({case.channel: replace(case.config(provider), api_url=url)})[case.channel]
        with pytest.raises(SendError) as caught:
            await built.send(case.message())
        assert caught.value.retryable and not any(heard)
        await built.aclose()
        server.close()


@BY_CHANNEL
async def test_a_provider_whose_name_cannot_be_found_is_asked_again(case: Case) -> None:
    async with FakeProvider() as provider:
        url = "https://provider.invalid"
        built = build_connectors({case.channel: replace(case.config(provider), api_url=url)})[case.channel]
        with pytest.raises(SendError) as caught:
            await built.send(case.message())
        assert caught.value.retryable
        await built.aclose()
