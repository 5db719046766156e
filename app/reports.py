"""Reports of counts for console and command line: reads, lets the disclosure rule decide, puts it into words (O4)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from hotline.disclosure import check_period, list_periods, show_tables
from hotline.numbers import Lines
from hotline.ports import Clock
from hotline.resources import Directory
from hotline.tally_tables import build_tables
from hotline.verification import Freshness, find_freshness
from outreach.report import Report, Shown, build_report, name_period
from outreach.report_files import write_charts, write_csv, write_report_pdf
from storage.tallies import StoreTallies

_CSV, _PDF = "text/csv; charset=utf-8", "application/pdf"


class StoreReports:
    """The reports of one hotline. Nothing that it returns tells a count below 11, whatever is asked and how often (O4).

    ``hotline_name`` may be empty for a report without one.
    """

    def __init__(
        self, tallies: StoreTallies, directory: Directory, lines: Lines, clock: Clock, hotline_name: str
    ) -> None:
        self._tallies = tallies
        self._directory = directory
        self._lines = lines
        self._clock = clock
        self._hotline_name = hotline_name

    def list_periods(self, language: str) -> Sequence[tuple[str, str]]:
        """Code and name of every month and year that can be reported now, newest first."""
        return [(period, name_period(period, language)) for period in list_periods(self._today())]

    async def read(self, period: str, language: str) -> Report:
        """The report of a month or year that is over. Raises ValueError for any other, ContentError, StoreError.

        One whose counts may be gone by now is none: it would say that there was nobody.
        """
        today = self._today()
        if check_period(period, today) not in list_periods(today):
            raise ValueError(f"the counts of {period} are not kept any more")
        counts = await self._tallies.read(period)
        region = self._directory.region
        shown = Shown(show_tables(build_tables(region), counts, period), self.count_freshness())
        places = {metro.id: metro.name for metro in region.metros.values()}
        return build_report(shown, period, language=language, hotline_name=self._hotline_name, places=places)

    async def write(self, period: str, language: str, kind: str) -> tuple[bytes, str]:
        """The report as ``csv`` or ``pdf``, and its media type. Raises as ``read``, and ValueError for another kind."""
        if kind not in {"csv", "pdf"}:
            raise ValueError("a report is written as csv, pdf or svg")
        report = await self.read(period, language)
        if kind == "pdf":
            return write_report_pdf(report, language), _PDF
        return write_csv(report).encode("utf-8-sig"), _CSV

    async def draw(self, period: str, language: str) -> Mapping[str, str]:
        """One SVG a table, by file name. Raises as ``read``."""
        return write_charts(await self.read(period, language))

    def count_freshness(self) -> Mapping[Freshness, tuple[int, int]]:
        """How many places and lines are how fresh today (D3, D5); counts of our own lists."""
        now = self._clock.now()
        places = Counter(find_freshness(one.verification, now) for one in self._directory.places.values())
        lines = Counter(find_freshness(one.verification, now) for one in self._lines)
        return {state: (places[state], lines[state]) for state in Freshness}

    def _today(self) -> date:
        return self._clock.now().astimezone(ZoneInfo(self._directory.region.time_zone)).date()


def build_reports(
    store: Any, documents: Mapping[str, Any], directory: Directory, clock: Clock, hotline_name: str
) -> StoreReports:
    """The reports of this installation, over every line of its content, hidden ones too. Raises ContentError."""
    from hotline.numbers import build_lines

    return StoreReports(StoreTallies(store), directory, build_lines(documents), clock, hotline_name)
