"""Rasa's parse alone: ``PYTHON benchmarks/parse_alone.py MODEL ROUNDS ENGINE < texts``, in an environment with Rasa.

``ENGINE`` is 1 for our engine room. Prints one line of JSON: ms of processor time of one parse.
"""

import asyncio
import json
import sys
import time
from pathlib import Path


async def _parse(model: str, texts: list[str], rounds: int) -> float:
    from rasa.core.agent import load_agent

    agent = await load_agent(model)
    for text in texts:
        await agent.parse_message(text)
    began = time.process_time()
    for _ in range(rounds):
        for text in texts:
            await agent.parse_message(text)
    return 1000 * (time.process_time() - began) / (rounds * len(texts))


def main() -> None:
    model, rounds, engine = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "1"
    texts = [line.strip() for line in sys.stdin if line.strip()]
    if engine:
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
        from bot.engine import launcher

        launcher.find_project()
        launcher.prepare(serving=False)
    ms = asyncio.run(_parse(model, texts, rounds))
    sys.stdout.write(json.dumps({"parse_cpu_ms": round(ms, 3)}) + "\n")


if __name__ == "__main__":
    main()
