"""What the providers still hold, in counts: never a word, a number or an id (P5)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from app.reconciler import QUIET
from app.settings import load_settings
from app.wiring import build_channel_configs
from connectors.contract import Connector
from connectors.registry import build_connectors
from storage.keyspace import SMS_COPY_SECONDS, TELEGRAM_COPY_SECONDS

_REACH = timedelta(seconds=SMS_COPY_SECONDS)
_AGES_AGO = timedelta(days=3650)
_MOST_COUNTED = 1000


async def count_copies(environ: Mapping[str, str]) -> list[str]:
    """A line for each channel. Raises SettingsError, and SendError if a provider cannot be asked."""
    settings = load_settings(environ, "channels")
    connectors = build_connectors(build_channel_configs(settings), receiving=False)
    try:
        return [f"{name}: {await _describe(connector)}" for name, connector in connectors.items()]
    finally:
        for connector in connectors.values():
            await connector.aclose()


async def _describe(connector: Connector) -> str:
    now = datetime.now(UTC)
    young = await _count(connector, now - QUIET, now)
    if young is None:
        hours = TELEGRAM_COPY_SECONDS // 3600
        return f"cannot be asked; a chat stays until its texter deletes it, or sends CLEAR within {hours} hours"
    due = await _count(connector, now - _REACH, now - QUIET)
    old = await _count(connector, now - _AGES_AGO, now - _REACH)
    minutes = int(QUIET.total_seconds() // 60)
    return (
        f"{due} older than {minutes} minutes, erased within the hour if it came in; {young} younger; "
        f"{old} older than {_REACH.days} days, which are left to you"
    )


async def _count(connector: Connector, since: datetime, before: datetime) -> str | None:
    found = await connector.list_copies(since, before, _MOST_COUNTED)
    if found is None:
        return None
    return f"{_MOST_COUNTED} or more" if len(found) >= _MOST_COUNTED else str(len(found))
