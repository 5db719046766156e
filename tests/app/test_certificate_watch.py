"""A certificate that will be over is told in time, and one that is over or has no name as 0."""

import asyncio
import contextlib
import datetime as dt
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.certificate_watch import find_seconds_left, watch_certificates
from app.metrics import Metrics

DAY = 86_400


def write_certificate(path: Path, days: float, name: str = "localhost") -> Path:
    """A key and a certificate for ``name``, signed by itself, that is over in so many days."""
    key, subject = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string(f"CN={name}")
    over = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    built = x509.CertificateBuilder(subject, subject, key.public_key(), 1, over - dt.timedelta(days=90), over)
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    signed = built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    path.write_bytes(signed + key.private_bytes(*plain))
    return path


@contextlib.asynccontextmanager
async def served(pem: Path) -> AsyncIterator[tuple[str, ssl.SSLContext]]:
    """The URL of a server with this certificate, and what trusts it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    trusting = ssl.create_default_context(cafile=str(pem))
    trusting.verify_flags &= ~ssl.VERIFY_X509_STRICT
    yield f"https://localhost:{server.sockets[0].getsockname()[1]}", trusting
    server.close()


@pytest.mark.parametrize(("days", "name", "least", "most"), [
    (30, "localhost", 29 * DAY, 30 * DAY), (-1, "localhost", 0, 0), (30, "another.example", 0, 0),
])  # fmt: skip
async def test_the_seconds_left_are_told_and_what_others_would_refuse_is_0(
    tmp_path: Path, days: float, name: str, least: float, most: float
) -> None:
    async with served(write_certificate(tmp_path / "pem", days, name)) as (url, trusting):
        left = await find_seconds_left(url, trusting)
        assert left is not None and least <= left <= most


async def test_a_name_that_is_not_found_is_0_and_what_cannot_be_told_from_here_is_nothing() -> None:
    context = ssl.create_default_context()
    assert await find_seconds_left("https://hotline.invalid", context) == 0
    assert await find_seconds_left("https://127.0.0.1:1", context) is None
    assert await find_seconds_left("http://127.0.0.1:8080", context) is None


async def test_the_worker_shows_it_by_name(tmp_path: Path) -> None:
    async with served(write_certificate(tmp_path / "pem", 3)) as (url, trusting):
        metrics = Metrics("worker")
        watching = asyncio.create_task(watch_certificates({"public": url, "console": ""}, metrics, lambda: trusting))
        async with asyncio.timeout(10):
            while b'porchlight_certificate_seconds{kind="public"} 25' not in metrics.page():
                await asyncio.sleep(0.05)
        assert b'kind="console"}' not in metrics.page().split(b"porchlight_certificate_seconds")[-1]
        watching.cancel()
