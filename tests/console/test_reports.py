"""The reports' page and its files: counts of what is over, nothing below 11, for those who may see them (O4)."""

import csv
import io
from collections.abc import Callable

import pytest

from hotline.regions import build_region
from hotline.tally_tables import build_tables
from storage.content_files import load_documents
from tests.console.conftest import Stage

COUNTS = {
    "conversations|all": 120, "channel|sms": 110, "channel|telegram": 10, "language|en": 11, "language|es": 0,
    "unmet_area|housing|reno": 40, "unmet_area|housing|las_vegas": 3, "day|05": 14,
}  # fmt: skip

TABLES = build_tables(build_region(load_documents(), "nevada"))


def count(stage: Stage, period: str) -> None:
    for field, number in COUNTS.items():
        stage.store.apply("HSET", f"tallies:{period}", field, str(number))


async def get(stage: Stage, path: str, who: str = "supervisor", **more: str) -> tuple[int, str]:
    async with stage.log_in(who) as client:
        answer = await client.get(path)
        return answer.status_code, " ".join(answer.text.split())


async def test_a_month_that_is_over_is_listed_with_its_files_and_the_running_one_is_not_o4(stage: Stage) -> None:
    status, page = await get(stage, "/reports")
    assert status == 200
    assert 'href="/reports/2026-10"' in page
    assert 'href="/reports/2026-10/pdf"' in page
    assert "2026-11" not in page
    assert "31 January" in page


async def test_the_page_shows_numbers_in_fives_and_no_count_below_11_nor_a_total_o4(stage: Stage) -> None:
    count(stage, "2026-10")
    _, page = await get(stage, "/reports/2026-10")
    assert "Porchlight – Report – October 2026" in page
    assert '<th scope="row">Text message</th><td>125<svg' in page
    assert "&lt;11: Telegram" in page
    housing = page[page.index("Unmet need by area") :]
    row = housing[housing.index("Shelter and housing</th>") :].partition("</tr>")[0]
    assert "<td>45<svg" in row
    assert row.count("&lt;11") == 4
    assert "Las Vegas" in housing
    for small in ("<td>10<", "<td>3<", "<td>0<svg"):
        assert small not in page[: page.index("How fresh")]


@pytest.mark.parametrize("path", ["/reports/2026-11", "/reports/2026", "/reports/2026-10-05", "/reports/2026-10/xls"])
async def test_what_is_not_over_not_whole_or_no_kind_of_file_is_not_found_o4(stage: Stage, path: str) -> None:
    count(stage, "2026-11")
    count(stage, "2026")
    assert (await get(stage, path))[0] == 404


async def test_the_csv_has_a_line_for_every_cell_and_says_less_than_11_alike_for_none_and_ten_o4(stage: Stage) -> None:
    count(stage, "2026-10")
    async with stage.log_in("admin") as client:
        answer = await client.get("/reports/2026-10/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="report-2026-10.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    about = {(row["table"], row["row"], row["column"]): row["about"] for row in rows}
    assert about["channel", "telegram", ""] == about["language", "es", ""] == "<11"
    assert about["language", "en", ""] == "15"
    assert about["unmet_area", "housing", "reno"] == "45"


async def test_the_pdf_comes_as_one_o4(stage: Stage) -> None:
    count(stage, "2026-10")
    async with stage.log_in("supervisor") as client:
        answer = await client.get("/reports/2026-10/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.7")


async def test_a_spanish_speaker_reads_it_in_spanish(stage: Stage) -> None:
    stage.accounts.add("sol", "supervisor", language="es")
    count(stage, "2026-10")
    _, page = await get(stage, "/reports/2026-10", "sol")
    assert "Porchlight – Informe – octubre 2026" in page
    assert "Mensaje de texto" in page


async def test_whoever_fetches_every_page_and_file_there_is_sees_nothing_of_a_count_below_11_o4(stage: Stage) -> None:
    """Every table of months and a year, both languages, as page, PDF and CSV, and outreach's register: all together.

    Every hidden count of everything changes at once; not one byte of what can be fetched does.
    """
    cells = ["|".join((name, *values)) for table in TABLES for name, values in table.list_cells()]
    periods, codes = ("2026-10", "2026-09", "2025"), ("sun4", "moon7")
    for code in codes:
        stage.store.apply("HSET", "print-batches", code, '["insert", "en", 200, "2026-08-01"]')
    stage.accounts.add("una", "admin")
    stage.accounts.add("dos", "admin", language="es")
    paths = ["/outreach", *(f"/reports/{period}{kind}" for period in periods for kind in ("", "/pdf", "/csv"))]
    async with stage.log_in("una") as english, stage.log_in("dos") as spanish:

        async def fetch(hide: Callable[[int], int]) -> list[bytes]:
            for place, cell in enumerate([f"tallies:{period} {cell}" for period in periods for cell in cells]):
                key, _, field = cell.partition(" ")
                stage.store.apply("HSET", key, field, str(hide(place) if place % 3 else 11 + place % 90))
            for month in ("2026-08", "2026-09", "2026-10"):
                stage.store.apply("HSET", f"hellos:{month}", "sun4", str(hide(5)))
                stage.store.apply("HSET", f"hellos:{month}", "moon7", "24")
            answers = [await client.get(path) for client in (english, spanish) for path in paths]
            assert {answer.status_code for answer in answers} == {200}
            return [answer.content for answer in answers]

        assert await fetch(lambda _: 0) == await fetch(lambda place: place % 11) == await fetch(lambda _: 10)


async def test_a_month_whose_counts_may_be_gone_is_not_found_rather_than_shown_empty_o4(stage: Stage) -> None:
    """Counts are kept 400 days: an empty report would say that nobody was there."""
    assert (await get(stage, "/reports/2025-11"))[0] == 200
    assert (await get(stage, "/reports/2025-10"))[0] == 404
    assert (await get(stage, "/reports/2024"))[0] == 404
