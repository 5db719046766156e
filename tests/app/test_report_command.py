"""``porchlight report`` on a real store, with the operator's own rights (O4)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.report_cli import write_report
from app.stack import Stack
from storage.connection import Store

LAST_MONTH = f"{datetime.now(UTC) - timedelta(days=35):%Y-%m}"


async def test_a_report_is_written_by_the_operator_and_noted_and_a_count_below_11_is_not_in_it_o4(
    tmp_path: Path,
) -> None:
    async with Stack(tmp_path / "stack", programs=(), free_ports=True) as stack:
        store = Store(stack.store_url())
        key = f"tallies:{LAST_MONTH}"
        await store.call("HSET", key, "channel|sms", 21, "channel|telegram", 7)
        environ = stack.env("operator")

        async def write(period: str, kind: str = "csv", out: Path | None = None) -> list[str]:
            return await write_report(environ, tmp_path, period, kind=kind, language="en", out=out)

        listed = await write("")
        assert any(line.startswith(LAST_MONTH) for line in listed)
        assert not any(line.startswith(f"{datetime.now(UTC) + timedelta(days=2):%Y-%m}") for line in listed)
        (text,) = await write(LAST_MONTH)
        assert "Text message,,How many,25" in text
        assert "Telegram,,How many,<11" in text
        (pdf,) = await write(LAST_MONTH, "pdf", tmp_path / "out")
        assert Path(pdf).read_bytes().startswith(b"%PDF")
        charts = await write(LAST_MONTH, "svg", tmp_path / "out")
        assert str(tmp_path / "out" / f"{LAST_MONTH}-channel.svg") in charts
        with pytest.raises(ValueError, match="is over"):
            await write(f"{datetime.now(UTC):%Y}")
        with pytest.raises(ValueError, match="csv, pdf or svg"):
            await write(LAST_MONTH, "xls")
        notes = b"".join(await store.call("LRANGE", "audit", 0, -1))
        assert notes.count(b"report_written") == 3
        await store.aclose()
