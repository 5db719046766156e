"""``porchlight report`` on a real store, with the operator's own rights, from the content that is live (O4, G2)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.outreach_command import PrintOrder, print_product
from app.report_cli import write_report
from app.stack import Stack
from storage.connection import Store
from storage.content_files import CONTENT_FOLDER
from storage.content_sets import ContentSets, Happened
from storage.content_texts import load_texts

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
        await _make_live(store, "regions/nevada", "name: Reno", "name: Riverton")
        await _make_live(store, "outreach", "en: HI", "en: HEY")
        (text,) = await write(LAST_MONTH)
        assert "Riverton" in text
        order = PrintOrder("insert", number="775 555 0123", form="svg")
        told = await print_product(environ, tmp_path, order, tmp_path / "card.svg")
        assert told[1].startswith("text HEY to 775")
        await store.aclose()


async def _make_live(store: Store, path: str, before: str, after: str) -> None:
    """A version of the content that the files do not say."""
    sets = ContentSets(store)
    number = await sets.find_live()
    texts = dict((await sets.load(number)).texts if number else load_texts(CONTENT_FOLDER))
    assert before in texts[path]
    texts[path] = texts[path].replace(before, after)
    happened = Happened(number + 1, datetime.now(UTC), "edit", ("ann",))
    assert await sets.publish(texts, happened, expected=number)
