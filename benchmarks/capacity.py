"""What a hotline of a given size needs: ``python -m benchmarks.capacity`` makes docs/capacity.md from figures.

The figures are those of ``results.json`` and ``capacity_figures.json``; what nobody has measured yet is null there, and
"not measured yet" on the page.
"""

import json
import math
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.evening import Evening, find_busiest, find_waits, make_arrivals
from storage.keyspace import PARTITIONS

_FOLDER = Path(__file__).resolve().parent
PAGE = _FOLDER.parent / "docs/capacity.md"
NOT_YET = "not measured yet"
CARRIERS = (("a local number (10DLC), about", 1), ("a toll-free number", 3), ("a short code", 100))


def load_figures() -> dict[str, Any]:
    """Measured, counted and assumed figures; those of the benchmark filled in."""
    figures: dict[str, Any] = json.loads((_FOLDER / "capacity_figures.json").read_text("utf-8"))
    results = json.loads((_FOLDER / "results.json").read_text("utf-8"))
    measured = figures["measured"]
    measured["cpu_ms_per_message"] = results["cpu_ms_per_reply"]["ours"]
    measured["messages_per_second"] = results["throughput"]["ours"]
    measured["cores"] = results["machine"]["cores"]
    measured.update(find_measured(results))
    return figures


def find_measured(results: Mapping[str, Any]) -> dict[str, Any]:
    """What the benchmark's parts say of memory and of Rasa's share, in the page's names; what is there replaces."""
    found: dict[str, Any] = {}
    if held := results.get("conversations", {}).get("bytes_per_conversation"):
        found |= {f"{name}_kib_per_open_conversation": round(size / 1024, 2) for name, size in held.items()}
    if memory := results.get("memory"):
        names = [name for name in memory["programs"] if name not in {"store", "keys"}]
        found["memory_mib"] = {n: round(memory["programs"][n] / memory["processes"][n], 1) for n in names}
    if scaling := results.get("scaling"):
        each = scaling["steps"][0]["cpu_ms_by_program"]
        found["rasa_share_of_cpu"] = round(each["rasa"] / sum(each.values()), 3)
    return found


def write_page() -> None:
    """Writes docs/capacity.md."""
    PAGE.write_text(make_page(load_figures()), "utf-8")


def build_evening(assumed: Mapping[str, Any]) -> Evening:
    """The evening of these assumptions."""
    return Evening(**{name: float(assumed[name]) for name in Evening.__slots__})


def make_page(figures: Mapping[str, Any]) -> str:
    """The whole page."""
    sections = (_head, _machine, _memory, _carrier, _evening)
    return "\n\n".join("\n".join(section(figures)) for section in sections) + "\n"


def _show(value: float | None, unit: str = "", digits: int = 0) -> str:
    return NOT_YET if value is None else f"{value:,.{digits}f}{unit}"


def _fill(text: str) -> str:
    return textwrap.fill(text, 118)


def _head(_figures: Mapping[str, Any]) -> Iterator[str]:
    yield "# What a hotline needs"
    yield ""
    yield _fill(
        "Made by `python -m benchmarks.capacity` from `benchmarks/results.json` and "
        "`benchmarks/capacity_figures.json`; a test compares. Measured figures are those of the machine "
        "that `make bench` ran on: take them as a beginning, and measure yours. What nobody has measured "
        "stands here as that, and assumptions are named as such."
    )


def _machine(figures: Mapping[str, Any]) -> Iterator[str]:
    measured, assumed = figures["measured"], figures["assumed"]
    each = measured["cpu_ms_per_message"]
    share = measured["rasa_share_of_cpu"]
    yield "## One machine"
    yield ""
    yield "| what | figure |"
    yield "|---|---|"
    yield f"| processor time of one answered message, every program together | {each:.1f} ms |"
    yield f"| messages a second and core, by that | {1000 / each:.0f} |"
    yield f"| messages a second at saturation, {measured['cores']} cores | {measured['messages_per_second']:.1f} |"
    yield f"| messages a second and core, at saturation | {measured['messages_per_second'] / measured['cores']:.0f} |"
    guess = f" (the tables below assume {assumed['rasa_share_of_cpu']:.0%})" if share is None else ""
    yield f"| Rasa's part of the processor time | {_show(share and share * 100, ' %')}{guess} |"
    writes, per = measured["store_writes_per_second"], figures["counted"]["store_writes_per_message"]
    yield f"| durable writes a second, one store (decision 0002) | {writes:,} |"
    what = "in, turn, mark, sent, its end in and noted; erasing Twilio's copies apart"
    yield f"| durable writes for one SMS and its answer ({what}), counted in the code | {per} |"
    yield f"| messages a second that one store carries, by that | {writes // per:,} |"


def _memory(figures: Mapping[str, Any]) -> Iterator[str]:
    measured = figures["measured"]
    yield "## Memory"
    yield ""
    yield "| what | figure |"
    yield "|---|---|"
    for name in ("store", "keys"):
        kib = measured[f"{name}_kib_per_open_conversation"]
        yield f"| {name}, 1,000 open conversations | {_show(kib and kib * 1000 / 1024, ' MiB', 1)} |"
    for program, mib in measured["memory_mib"].items():
        yield f"| {program}, one process | {_show(mib, ' MiB')} |"


def _carrier(figures: Mapping[str, Any]) -> Iterator[str]:
    yield "## What the carrier lets through"
    yield ""
    yield _fill(
        "A carrier takes so many parts (160 GSM-7 characters, 153 each in a longer message) a second from "
        "one number. A longer reply is not only dearer: it makes everybody behind it wait, at the "
        "carrier, where nothing of ours can put danger first. This is why replies are short "
        "(`docs/what-it-says.md` counts every one)."
    )
    yield ""
    yield "| sender | parts/s | replies a minute of 1 part | of 2 parts | of 3 parts | numbers for the evening below |"
    yield "|---|---|---|---|---|---|"
    assumed = figures["assumed"]
    wanted = build_evening(assumed).messages_per_second * assumed["parts_per_reply"]
    for name, rate in CARRIERS:
        replies = " | ".join(f"{rate * 60 / parts:,.0f}" for parts in (1, 2, 3))
        yield f"| {name} | {rate} | {replies} | {math.ceil(wanted / rate / assumed['busiest_share']):,} |"
    yield ""
    yield _fill(
        f"The last column: an evening without a burst sends {wanted:,.0f} parts a second, and a number is "
        f"planned to be busy for {assumed['busiest_share']:.0%} of the time. Several numbers are a "
        "Messaging Service of Twilio's, which keeps to one sender for a texter. The rates are the "
        "carriers' usual ones; yours stand in your Twilio console."
    )


def _evening(figures: Mapping[str, Any]) -> Iterator[str]:
    measured, assumed = figures["measured"], figures["assumed"]
    evening = build_evening(assumed)
    arrivals = make_arrivals(evening)
    share = measured["rasa_share_of_cpu"] or assumed["rasa_share_of_cpu"]
    each = measured["cpu_ms_per_message"] / 1000
    yield "## A national evening"
    yield ""
    yield _fill(
        f"Simulated event by event, seeded: {evening.conversations_per_day:,.0f} conversations a day of "
        f"{evening.messages_per_conversation:.0f} texts, {evening.seconds_between_messages:.0f} s apart; "
        f"the evening has {evening.evening_factor} times the day's mean; for {evening.burst_seconds:.0f} s "
        f"there are {evening.burst_factor:.0f} times as many new texters (a broadcast). All of these are "
        "assumptions."
    )
    usual, second, minute = evening.messages_per_second, find_busiest(arrivals, 1), find_busiest(arrivals, 60)
    yield ""
    yield "| texts a second | |"
    yield "|---|---|"
    yield f"| usual of that evening | {usual:,.0f} |"
    yield f"| busiest minute | {minute:,.0f} |"
    yield f"| busiest second | {second:,.0f} |"
    yield f"| durable writes a second in it | {second * figures['counted']['store_writes_per_message']:,.0f} |"
    yield f"| parts to the carriers in the busiest minute | {minute * assumed['parts_per_reply']:,.0f} |"
    yield ""
    yield _fill(
        "Cores are whole; a Rasa process has one. One line for all of them, and nobody leaves it: in "
        "truth texts in danger go ahead in a worker (0104), and a text that Rasa has not answered 2.5 s "
        "after it was asked gets a safety reply and the offer of a person."
    )
    yield ""
    yield "| sized for | cores | of them Rasas | of them all else | wait p50, s | p99, s | longest, s |"
    yield "|---|---|---|---|---|---|---|"
    busiest = assumed["busiest_share"]
    for name, rate in (("the usual", usual / busiest), ("the busiest minute", minute), ("the busiest second", second)):
        cores = math.ceil(rate * each)
        rasas = math.ceil(cores * share)
        waits = find_waits(arrivals, cores, each)
        seconds = f"{waits.p50:.2f} | {waits.p99:.2f} | {waits.longest:.2f}"
        yield f"| {name} | {cores} | {rasas} | {cores - rasas} | {seconds} |"
    yield ""
    yield _fill(
        f"Of workers no more than {PARTITIONS} have work, because conversations are shared out in so many "
        "parts (`storage/keyspace.py`): above that, hotlines are split by number, each with a store of "
        "its own."
    )


def main() -> None:
    """Writes the page."""
    write_page()
    print(f"wrote {PAGE.name}")


if __name__ == "__main__":
    main()
