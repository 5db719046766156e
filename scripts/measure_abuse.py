"""What abuse costs a signed text beside it, in one run, as ratios: forged, slow and flooding callers at the real door.

``PYTHONPATH=. .venv/bin/python scripts/measure_abuse.py``; the door, the callers and the clock share one process.
"""

import asyncio
import contextlib
import statistics
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

from connectors.contract import WebhookRequest
from tests.abuse.door import Door, as_bytes, text_of
from tests.connectors.payloads import signed

SIGNED, CALLERS, SLOW, REPEATS = 150, 8, 500, 1000


async def measure_signed(door: Door, begin: int) -> list[float]:
    """Seconds of each of some signed texts, one after the other."""
    taken = []
    for number in range(begin, begin + SIGNED):
        began = time.perf_counter()
        answer = await door.call(as_bytes(text_of(number)))
        if b" 200 " not in answer:
            raise RuntimeError("a signed text was not taken")
        taken.append(time.perf_counter() - began)
    return taken


@contextlib.asynccontextmanager
async def calling(door: Door, request: bytes, counted: list[int]) -> AsyncIterator[None]:
    """Callers that send the same request as fast as it is refused."""

    async def call() -> None:
        while True:
            with contextlib.suppress(ConnectionError, TimeoutError):
                await door.call(request)
                counted[0] += 1

    callers = [asyncio.create_task(call()) for _ in range(CALLERS)]
    try:
        yield
    finally:
        for caller in callers:
            caller.cancel()
        await asyncio.gather(*callers, return_exceptions=True)


async def measure() -> None:
    """Prints the table."""
    unsigned = b"POST /webhooks/sms HTTP/1.1\r\nhost: h\r\ncontent-length: 1000\r\n\r\n" + b"a" * 1000
    forged = as_bytes(signed({"From": "+17025550123", "Body": "x" * 1000}, token="guessed"))
    async with Door().serving() as door:
        await measure_signed(door, 0)
        alone = statistics.median(await measure_signed(door, 1000))
        show(f"a signed text alone: 1.0 ({alone * 1000:.1f} ms)")
        for number, (name, request) in enumerate((("unsigned", unsigned), ("forged", forged)), 2):
            counted, began = [0], time.perf_counter()
            async with calling(door, request, counted):
                beside = statistics.median(await measure_signed(door, number * 1000))
            rate = counted[0] / (time.perf_counter() - began)
            show(f"a signed text beside {CALLERS} {name} callers ({rate:.0f} refused a second): {beside / alone:.1f}")
        slow = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(SLOW)]
        for _, writer in slow:
            writer.write(b"POST /webhooks/sms HTTP/1.1\r\nx-a: b\r\n")
        beside = statistics.median(await measure_signed(door, 9000))
        show(f"a signed text beside {SLOW} slow connections: {beside / alone:.1f}")
        for _, writer in slow:
            writer.close()


async def measure_work() -> None:
    """Prints what one request costs the door in processor time, without sockets and without the store's work."""
    door, work = Door(), {}
    plain = signed({"From": "+17025550123", "Body": "x" * 100}, token="guessed")
    kinds = {
        "unsigned": [WebhookRequest(plain.url, {}, plain.body)] * REPEATS,
        "forged": [plain] * REPEATS,
        "signed": [text_of(number) for number in range(REPEATS)],
    }
    for name, requests in kinds.items():
        began = time.process_time()
        for request in requests:
            await _ask(door, request)
        work[name] = time.process_time() - began
    for name, seconds in work.items():
        show(f"processor time of one {name} request: {seconds / work['signed']:.2f}")


async def _ask(door: Door, request: WebhookRequest) -> None:
    headers = [(name.encode(), value.encode()) for name, value in request.headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/webhooks/sms", "query_string": b"", "headers": headers}

    async def receive() -> Any:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: Any) -> None:
        return None

    await door.application(scope, receive, send)


def show(line: str) -> None:
    """One line of the table."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    asyncio.run(measure_work())
    asyncio.run(measure())
