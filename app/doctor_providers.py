"""What doctor and init see at the providers: our account, number and bot, where webhooks lead, and their clock."""

import time
from collections.abc import AsyncIterator, Mapping
from email.utils import parsedate_to_datetime

import aiohttp

from app.settings import Settings, SettingsError, load_settings
from app.wiring import build_channel_configs
from connectors.registry import examine_channel
from hotline.findings import Finding, look, well, wrong

_PATIENCE_SECONDS = 8.0
_CLOCK_LOOK_SECONDS, _CLOCK_WRONG_SECONDS = 5.0, 60.0


async def check_providers(environ: Mapping[str, str]) -> list[Finding]:
    """Findings of every announced channel and of this machine's clock. Raises nothing: what cannot be asked is said."""
    try:
        settings = load_settings(environ, "channels")
    except SettingsError as error:
        remedy = "mend the settings first"
        return [wrong("providers", "they cannot be asked", str(error).replace("\n", ";"), remedy)]
    found = [finding async for finding in _examine(settings)]
    return [*found, await check_clock(settings.twilio_api_url)]


async def _examine(settings: Settings) -> AsyncIterator[Finding]:
    for name, config in build_channel_configs(settings).items():
        if name not in settings.channels:
            yield well(name, "not announced: nothing comes in there")
            continue
        try:
            for finding in await examine_channel(config):
                yield finding
        except ValueError as error:
            yield wrong(name, "it is not set up", str(error), "run porchlight init again")


async def check_clock(url: str) -> Finding:
    """This machine's time against what a provider's server says in its Date header."""
    try:
        timeout = aiohttp.ClientTimeout(total=_PATIENCE_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.head(url, allow_redirects=False) as answer,
        ):
            said = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except (aiohttp.ClientError, OSError, TimeoutError, KeyError, ValueError) as error:
        why = f"no provider's time to compare with ({type(error).__name__})"
        return look("clock", "the time cannot be checked", why, "see that time synchronisation runs: timedatectl")
    return judge_clock(time.time() - said)


def judge_clock(seconds: float) -> Finding:
    """What ``seconds`` of difference mean; a Date header is whole seconds, and some time on the way."""
    off = abs(seconds)
    if off < _CLOCK_LOOK_SECONDS:
        return well("clock", "right to within seconds")
    why = "opening hours, deadlines and copies to erase go by it"
    found = wrong if off >= _CLOCK_WRONG_SECONDS else look
    return found("clock", f"{off:.0f} s off", why, "turn on time synchronisation: timedatectl set-ntp true")
