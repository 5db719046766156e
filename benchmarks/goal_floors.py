"""What stands under a goal that is missed: what the same cores gave, in the same seconds, to what does nothing.

A floor as high as the goal proves it out of reach on these cores; a lower one proves nothing, and says so. Texts that
were lost or refused are no floor's.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.figures import count_lost
from benchmarks.undisturbed import is_disturbed

type Entry = Mapping[str, Any]

OUT_OF_REACH = "out of reach on these cores"
NOTHING_IN_THE_WAY = "no floor in the way"
NOT_MEASURED = "its floor is not measured yet"


def weigh(floor: float, wanted: float) -> str:
    """Whether what does nothing leaves room for the goal; both in the same unit, less is better."""
    return OUT_OF_REACH if floor >= wanted else NOTHING_IN_THE_WAY


def tell_reply_floor(rung: Entry, wanted: float) -> str:
    """Of the window at one rate of the ladder."""
    told = []
    if _is_above(rung["reply_ms"]["p95"], wanted):
        told.append(_tell("a way", rung.get("nothing"), "reply_ms", "p95", wanted))
        told.append(_tell_taken(rung))
    return _join([*told, _tell_no_floor(count_lost(rung))])


def tell_crisis_floor(cases: Mapping[str, Entry], names: Iterable[str], wanted: float) -> str:
    """Of each case that is missed, and what it takes in peace."""
    told = []
    for name in names:
        case = cases[name]
        if _is_above(case["reply_ms"]["p99"], wanted):
            told.append(f"{name}, {_tell('a way', case.get('nothing'), 'reply_ms', 'p99', wanted)}")
            told.append(_tell_taken(case))
        if lost := count_lost(case):
            told.append(f"{name}, {_tell_no_floor(lost)}")
    told.append(f"in peace ours takes {cases['peace']['reply_ms']['p99']} ms")
    return _join(told)


def tell_ack_floor(part: Entry, fsync_ms: float | None, wanted: float) -> str:
    """Of each door that misses it: what a door that does nothing took of the same burst, or in the same seconds."""
    nothing, taken = part["nothing"]["ack_ms"]["p99"], _tell_taken(part["nothing"])
    alone = f"a door that does nothing takes {nothing} ms of the same burst, one fsync on this disk {fsync_ms} ms (p99)"
    alone += f", and {taken}" if taken else ""
    verdict = NOT_MEASURED if nothing is None else weigh(nothing, wanted)
    told = []
    for name, door in part["alone"].items():
        if _is_above(door["ack_ms"]["p99"], wanted):
            told += [f"{name} alone, {alone}: {verdict}", _tell_taken(door)]
    if _is_above(part["everything"]["ack_ms"]["p99"], wanted):
        floor = _tell("a door", part.get("beside_everything"), "ack_ms", "p99", wanted)
        told += [f"with all else at work, {floor}", _tell_taken(part["everything"])]
    refused = sum(door["refused"] for door in (*part["alone"].values(), part["everything"]))
    return _join([*told, _tell_no_floor(refused)])


def tell_start_floor(part: Entry, wanted: float) -> str:
    """Of the median start, by the median of what was started beside each."""
    took = part.get("nothing_seconds")
    if took is None:
        return NOT_MEASURED
    told = f"a way that does nothing takes {took} s to its first answer, right before each (median): "
    most = max((one["taken_percent"] or 0.0 for one in part.get("taken", ())), default=0.0)
    return _join(
        [told + weigh(took, wanted), f"the host took up to {most} % of these seconds" if is_disturbed(most) else ""]
    )


def _tell_taken(entry: Entry) -> str:
    taken = entry.get("taken_percent")
    return f"the host took {taken} % of these seconds" if is_disturbed(taken) else ""


def _tell(what: str, entry: Entry | None, times: str, rank: str, wanted: float) -> str:
    took = entry[times][rank] if entry else None
    if entry is None or took is None:
        return NOT_MEASURED
    late = entry["sent_late_ms"][rank]
    beside = f"{what} that does nothing takes {took} ms in the same seconds ({rank}; the load maker late by {late} ms)"
    return f"{beside}: {weigh(took, wanted)}"


def _is_above(value: float | None, wanted: float) -> bool:
    return value is None or value > wanted


def _tell_no_floor(lost: int) -> str:
    return f"{lost} lost or refused, which no floor explains" if lost else ""


def _join(told: Iterable[str]) -> str:
    return "; ".join(filter(None, told))
