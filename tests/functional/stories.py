"""What every story with the whole stack has in common: its marks, both channels, and how a texter comes."""

from collections.abc import Callable

import pytest

from tests.functional.people import Texter

STORY = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("stack")]
BROWSER_STORY = [*STORY, pytest.mark.browser, pytest.mark.usefixtures("nobody_else_waits")]
CHANNELS = pytest.mark.parametrize("channel", ["sms", "telegram"])

NewTexter = Callable[..., Texter]
