"""How long the certificates of our two names are good: providers and advocates turn away from one that is over."""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from app.metrics import Metrics

_LOOK_SECONDS = 600.0
_PATIENCE_SECONDS = 10.0


async def find_seconds_left(url: str, context: ssl.SSLContext) -> float | None:
    """Seconds until the certificate at ``url`` is over; 0 if others would refuse it, or find no such name, now.

    None if that cannot be told from here: no TLS, or a network that does not lead back to us.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return None
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port or 443, ssl=context)
    except (ssl.SSLCertVerificationError, socket.gaierror):
        return 0.0
    except (OSError, TimeoutError):
        return None
    certificate = writer.get_extra_info("peercert")
    writer.close()
    return max(0.0, ssl.cert_time_to_seconds(certificate["notAfter"]) - time.time())


async def watch_certificates(
    urls: Mapping[str, str],
    metrics: Metrics,
    build_context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
) -> None:
    """Looks every ten minutes at each URL (by its kind: ``public``, ``console``); never returns."""
    while True:
        # Reads every root that the machine trusts: 50 ms for which no text should wait.
        context = await asyncio.to_thread(build_context)
        for kind, url in urls.items():
            left = await find_seconds_left(url, context)
            if left is not None:
                metrics.put("porchlight_certificate_seconds", left, kind)
        await asyncio.sleep(_LOOK_SECONDS)
