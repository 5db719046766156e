"""What ``make chaos`` prints: a line for everything that must be zero, and what is stated besides."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from tests.chaos.plan import count_troubles
from tests.chaos.story import Result

_SHOWN = 12
_MAY_HOLD_NOTHING = {"dumps"}
"""Places in which nothing lies on a machine where nothing crashed."""


def zero_lines(result: Result) -> dict[str, Sequence[object]]:
    """Every promise, and what broke it."""
    found = result.findings
    looked = "" if result.searched else " (nobody looked)"
    empty = [place for place, size in result.searched.items() if not size and place not in _MAY_HOLD_NOTHING]
    return {
        "texts that there was no time for": range(result.unwritten),
        "texts that were never taken, however often they were brought": found.not_taken,
        "texts taken that were neither answered nor handed to a person": found.unanswered,
        "answers out of order within a conversation": found.out_of_order,
        "messages twice, beyond the send window": found.twice,
        "hand-offs that no person took": found.no_owner,
        "imminent texts without a page of their own": found.not_paged,
        "left in a queue or open at the end": result.left,
        f"places where words, numbers or chats can be read{looked}": result.readable,
        "places to search in which nothing lay": empty,
        "troubles that could not be made": result.failed_troubles,
    }


def exit_code(result: Result) -> int:
    """0 if every line is zero."""
    return int(any(zero_lines(result).values()))


def records(result: Result) -> Iterator[str]:
    """What was judged, as JSON: a line for each conversation, then one for all troubles."""
    yield from (json.dumps(asdict(one)) for one in result.conversations)
    yield json.dumps([asdict(span) for span in result.spans])


def lines(result: Result) -> Iterator[str]:
    """The whole table."""
    plan, found = result.plan, result.findings
    received = [message for one in result.conversations for message in one.received]
    by_channel = Counter(one.channel for one in result.conversations)
    shown = ", ".join(f"{count} by {channel}" for channel, count in sorted(by_channel.items()))
    yield f"seed {plan.seed}, plan {plan.digest}: {plan.texts} texts, {len(plan.scripts)} conversations ({shown})"
    yield ", ".join(f"{name} {seconds:.0f} s" for name, seconds in result.took.items())
    yield ""
    for name, faults in zero_lines(result).items():
        yield f"{len(faults):>6}  {name}"
        if not isinstance(faults, range):
            yield from (f"          {fault}" for fault in faults[:_SHOWN])
    yield ""
    yield f"{len(received):>6}  messages on handsets"
    yield f"{result.repeated:>6}  texts that their provider delivered once more"
    yield f"{result.refused:>6}  times a provider gave up after five tries, and brought the text again later"
    yield f"{result.visits:>6}  visits of a person"
    yield f"{len(found.in_window):>6}  messages twice within the send window (Telegram cannot be asked what it took)"
    yield f"{len(found.died):>6}  texts or hand-offs that died with the keys instance, with a page to somebody after it"
    yield f"{result.lapses:>6}  pieces of work that a worker dropped since its lease was gone"
    yield f"{found.late_pages:>6}  pages later than five seconds"
    yield f"{sum(result.searched.values()):>6,}  bytes searched in {', '.join(sorted(result.searched))}"
    yield f"{len(plan.troubles):>6}  troubles planned, {result.missed_troubles} of which found nothing running:"
    yield from (f"          {count:>3} {name}" for name, count in count_troubles(plan.troubles).items())
