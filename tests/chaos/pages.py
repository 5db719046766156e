"""Which page of the push service may belong to which imminent text: a push says nothing, not even whose it is."""

from collections.abc import Sequence


def match_pages(imminent: Sequence[float], pushes: Sequence[float], seconds: float) -> list[float | None]:
    """For each imminent text, how long its page took: every page counts for one text only; None for no page.

    A page for another hand-off of the same moment stands in for a missing one: that cannot be seen from outside.
    """
    free, waits = sorted(pushes), []
    for at in sorted(imminent):
        page = next((one for one in free if at <= one <= at + seconds), None)
        if page is not None:
            free.remove(page)
        waits.append(None if page is None else page - at)
    return waits
