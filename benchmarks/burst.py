"""A burst at the door: posts at random moments, and how long each waited for its acknowledgement."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from benchmarks.figures import find_percentiles
from benchmarks.load import arrivals
from benchmarks.wires import Post, Wire


@dataclass(slots=True)
class Burst:
    """Acknowledgements in ms and what was refused; ``late_ms`` is by how much the load maker itself was late."""

    seconds: float
    ack_ms: list[float] = field(default_factory=list, repr=False)
    late_ms: list[float] = field(default_factory=list, repr=False)
    refused: int = 0
    own_cpu_seconds: float = 0.0

    def describe(self) -> dict[str, Any]:
        """Its entry of results.json."""
        posts = len(self.late_ms)
        return {
            "posts": posts,
            "posts_per_second": round(posts / self.seconds, 1),
            "refused": self.refused,
            "ack_ms": find_percentiles(self.ack_ms),
            "sent_late_ms": find_percentiles(self.late_ms),
            "loader_cpu_ms_each": round(1000 * self.own_cpu_seconds / posts, 3) if posts else None,
        }


def write_posts(wire: Wire, text: str, count: int) -> list[Post]:
    """So many texts, each of a fresh texter, written beforehand: signing them is no part of the burst."""
    return [wire.write(wire.new_address(), text) for _ in range(count)]


async def run_burst(http: aiohttp.ClientSession, url: str, posts: Sequence[Post], *, rate: float, seed: int) -> Burst:
    """Posts all of them at exponential gaps, whether or not earlier ones are answered; waits for every answer."""
    moments = arrivals(rate, 2 * len(posts) / rate + 10, seed)[: len(posts)]
    burst, used = Burst(moments[-1]), time.process_time()
    began = time.monotonic()
    tasks = []
    for moment, post in zip(moments, posts, strict=True):
        wait = began + moment - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.create_task(_post(http, url, post, burst, began + moment)))
    await asyncio.gather(*tasks)
    burst.own_cpu_seconds = time.process_time() - used
    return burst


async def _post(http: aiohttp.ClientSession, url: str, post: Post, burst: Burst, wanted_at: float) -> None:
    began = time.monotonic()
    burst.late_ms.append(1000 * (began - wanted_at))
    try:
        async with http.post(url, data=post[1], headers=post[0]) as answer:
            await answer.read()
            taken = answer.status == 200
    except (aiohttp.ClientError, TimeoutError):
        taken = False
    if taken:
        burst.ack_ms.append(1000 * (time.monotonic() - began))
    else:
        burst.refused += 1
