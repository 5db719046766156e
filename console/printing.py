"""What the page for outreach needs: products, the register of batches, and who prints (O1-O3)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hotline.disclosure import list_periods, show_count
from storage.outreach_codes import Batch, OutreachCodes

MONTHS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class PrintChoice:
    """One file to print, as chosen on the page; ``code`` is empty for the usual word."""

    product: str
    language: str
    style: str
    form: str
    code: str
    qr: bool


@dataclass(frozen=True, slots=True)
class Printed:
    """A file: its bytes, its ending and its media type."""

    content: bytes
    ending: str
    media_type: str


@dataclass(frozen=True, slots=True)
class PrintDesk:
    """The parts. ``make`` takes a moment of a processor, and raises ContentError for what cannot be printed.

    ``number`` is empty where the hotline has none yet; then nothing is printed.
    """

    codes: OutreachCodes
    site_words: Sequence[str]
    products: Mapping[str, str]
    """Id to cut size."""
    styles: Sequence[str]
    forms: Sequence[str]
    number: str
    make: Callable[[PrintChoice], Printed]


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch with its hellos of the last whole months, the newest first, as a report shows counts (O4)."""

    batch: Batch
    hellos: tuple[int | None, ...]


def list_whole_months(today: date) -> tuple[str, ...]:
    """The last months that can be reported (``2026-10``), the newest first: a running one would tell days and hours."""
    return tuple(period for period in list_periods(today, MONTHS_SHOWN + 2) if "-" in period)[:MONTHS_SHOWN]


async def read_rows(desk: PrintDesk, today: date) -> Sequence[BatchRow]:
    """The register, the newest batch first."""
    counts = [await desk.codes.read_hellos(month) for month in list_whole_months(today)]
    batches = await desk.codes.list_batches()
    return [BatchRow(one, tuple(show_count(row.get(one.code, 0)) for row in counts)) for one in batches]
