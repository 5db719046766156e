"""Which page of the push service belongs to which imminent text."""

from collections.abc import Sequence


def match_pages(imminent: Sequence[float], pushes: Sequence[float], seconds: float) -> list[float | None]:
    """For each imminent text, how long its page took: every page counts for one text only; None for no page."""
    free, waits = sorted(pushes), []
    for at in sorted(imminent):
        page = next((one for one in free if at <= one <= at + seconds), None)
        if page is not None:
            free.remove(page)
        waits.append(None if page is None else page - at)
    return waits
