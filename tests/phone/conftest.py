import json
import os
from pathlib import Path

import pytest
import pytest_asyncio

from tests.phone.stage import open_stage

DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest_asyncio.fixture
async def stage():
    async with open_stage() as opened:
        yield opened


def load_specification(name: str):
    """A provider's published description from beside the repository; required in CI."""
    path = DATA / name
    if not path.exists():
        reason = f"{name} does not lie beside this clone"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def twilio_specification():
    return load_specification("twilio_api_v2010.json")


@pytest.fixture(scope="session")
def telegram_specification():
    return load_specification("telegram_bot_api.json")
