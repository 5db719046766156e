"""What the reports' page asks: periods that are over, and one report of counts that may be shown to anybody (O4)."""

from collections.abc import Sequence
from typing import Any, Protocol


class ReportDesk(Protocol):
    """Reports as every one of us sees them; there is nothing to filter by."""

    def list_periods(self, language: str) -> Sequence[tuple[str, str]]:
        """Code and name of every month and year that can be reported now, newest first."""

    async def read(self, period: str, language: str) -> Any:
        """A report with ``title``, ``intro`` and ``sections``. Raises ValueError for a period that cannot be told."""

    async def write(self, period: str, language: str, kind: str) -> tuple[bytes, str]:
        """The report as ``csv`` or ``pdf``, and its media type. Raises ValueError as ``read`` and for another kind."""
