"""The tables of docs/performance.md, one for each part of results.json."""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.figures import OURS, STOCK, count_lost
from storage.keyspace import REWRITE_SECONDS

type Part = Mapping[str, Any]

_CASES = {
    "peace": "in peace",
    "saturated": "Rasa saturated by turns asked of it directly, 10 ordinary texts a second beside",
    "flooded": "every program flooded: 64 ordinary texts outstanding at any moment",
    "hanging": "Rasa hangs (SIGSTOP), beside 10 ordinary texts a second",
    "ended": "Rasa has ended, beside 10 ordinary texts a second",
}
_DOORS = {
    "nothing": "a door that does nothing: the load maker's own time",
    "sms": "ours and its stores alone, SMS",
    "telegram": "ours and its stores alone, Telegram",
    "everything": "ours with everything else at work on the same cores, SMS",
    "beside_everything": "in the same seconds, a door that does nothing",
}
_FLOORS = {
    "signature_cpu_ms": "one signature check (SMS)",
    "seal_to_inbox_cpu_ms": "one text sealed to the inbox (HPKE)",
    "open_inbox_cpu_ms": "opened by the worker",
    "seal_line_cpu_ms": "one line of the window sealed to the readers (HPKE)",
    "seal_session_cpu_ms": "the session sealed (AES-GCM)",
}


def _fill(text: str) -> str:
    return textwrap.fill(text, 118)


def _ranks(percentiles: Mapping[str, Any]) -> str:
    return " | ".join(str(percentiles[rank]) for rank in ("p50", "p95", "p99"))


def tell_taken(entry: Part) -> str:
    """What the host took of the window that was kept and, if there were more, of how many; empty if nobody counted."""
    taken, tries = entry.get("taken_percent"), len(entry.get("taken_each", ()))
    if taken is None:
        return ""
    return f"{taken} %" if tries == 1 else f"{taken} %, least of {tries}"


def describe_telegram(part: Part) -> Iterator[str]:
    """Rates, and the limit that is Telegram's own."""
    yield _fill(
        f"At saturation {part['replies_per_second']} replies a second, {part['messages_per_second']} messages: the "
        "product keeps the Bot API's limit of 30 messages a second, and what is more waits."
    )
    yield ""
    yield "| texts a second | reply p50, ms | p95 | p99 | webhook answered p99, ms | answered | otherwise or not |"
    yield "|---|---|---|---|---|---|---|"
    for rate in part["rates"]:
        cells = (_ranks(rate["reply_ms"]), rate["ack_ms"]["p99"], rate["answered"], count_lost(rate))
        yield f"| {rate['offered_per_second']:g} | {' | '.join(map(str, cells))} |"


def describe_ack(part: Part) -> Iterator[str]:
    """One row for each door."""
    rows = {"nothing": part["nothing"], **part["alone"], "everything": part["everything"]}
    if beside := part.get("beside_everything"):
        rows["beside_everything"] = beside
    yield _fill(
        f"{part['rate']:g} texts a second of fresh texters, answered 200 after the text is on disk. The load maker "
        "signs them beforehand, and takes its part of the same cores; by how much it was late is no part of the times."
    )
    yield ""
    yield (
        "| door | p50, ms | p95 | p99 | refused | sent late p99 | load maker, ms each | door and stores, ms each "
        "| the host took |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for name, row in rows.items():
        cpu = row.get("cpu_ms_each", {})
        own = round(sum(cpu.get(one, 0.0) for one in ("webhooks", "store", "keys")), 2) or ""
        cells = (row["refused"], row["sent_late_ms"]["p99"], row.get("loader_cpu_ms_each", ""), own, tell_taken(row))
        yield f"| {_DOORS[name]} | {_ranks(row['ack_ms'])} | {' | '.join(map(str, cells))} |"
    doors = {"does nothing": part["nothing"], **part["alone"]}
    if each := {name: row["p99_each"] for name, row in doors.items() if "p99_each" in row}:
        yield ""
        told = "; ".join(f"{name} {', '.join(map(str, p99))}" for name, p99 in each.items())
        yield _fill(f"A door alone stands for the middle one of its bursts by p99; p99 of each, in ms: {told}.")
    if not beside:
        yield ""
        yield "What a door that does nothing takes in the seconds of the last row is not measured yet."


def describe_crisis(part: Part) -> Iterator[str]:
    """One row for each case."""
    yield _fill(
        f"{part['texts_per_second']:g} crisis texts a second, each a fresh texter's, to the whole answer of "
        f"{part['messages_in_the_answer']} message(s). Nobody takes them over, so each would be paged again after "
        "a minute: every case has stores of its own and ends before that."
    )
    yield ""
    yield (
        "| case | p50, ms | p95 | p99 | first message p99 | load maker late, p99 | answered | otherwise or not "
        "| the host took |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for name, case in part["cases"].items():
        late, taken = case["sent_late_ms"]["p99"], tell_taken(case)
        cells = (case["first_message_ms"]["p99"], late, case["answered"], count_lost(case), taken)
        yield f"| {_CASES[name]} | {_ranks(case['reply_ms'])} | {' | '.join(map(str, cells))} |"
    turns = part["cases"].get("saturated", {}).get("per_second")
    if turns:
        yield ""
        yield _fill(f"Saturated, Rasa answered {turns} turns a second that were asked of it at its own door.")
    yield ""
    yield from describe_nothing({_CASES[name]: case.get("nothing") for name, case in part["cases"].items()})


def describe_nothing(rows: Mapping[str, Part | None]) -> Iterator[str]:
    """One row for each window beside which something went through the way that does nothing."""
    measured = {name: row for name, row in rows.items() if row}
    if not measured:
        yield "What a way that does nothing takes in the same seconds is not measured yet."
        return
    yield _fill(
        "In the same seconds, between them, ten texts a second went through a way that does nothing: a door, a store "
        "and a worker hand each on as often as ours do with a crisis text; no cryptography, screening, disk or Rasa."
    )
    yield ""
    yield "| a way that does nothing, beside | p50, ms | p95 | p99 | load maker late, p99 | answered | lost |"
    yield "|---|---|---|---|---|---|---|"
    for name, row in measured.items():
        cells = (row["sent_late_ms"]["p99"], row["answered"], count_lost(row))
        yield f"| {name} | {_ranks(row['reply_ms'])} | {' | '.join(map(str, cells))} |"


def describe_memory(part: Part) -> Iterator[str]:
    """One row for each program."""
    yield "After each side has answered for five seconds, 16 texts outstanding at any moment (PSS)."
    yield ""
    yield "| program | processes | MiB |"
    yield "|---|---|---|"
    for name, mib in part["programs"].items():
        yield f"| {name} | {part['processes'][name]} | {mib} |"
    yield f"| Porchlight in all | {sum(part['processes'].values())} | {part[OURS]} |"
    yield f"| stock Rasa | 1 | {part[STOCK]} |"


def describe_start(part: Part) -> Iterator[str]:
    """Seconds from the command."""
    yield "| from the command to | seconds |"
    yield "|---|---|"
    each = ", ".join(str(seconds) for seconds in part["crisis_answer_each"])
    yield f"| the first message of a crisis text's answer (median of {each}) | {part['crisis_answer_seconds']} |"
    yield f"| everything ready | {part['everything_seconds']} |"
    yield f"| stock Rasa's first answer | {part['stock_first_answer_seconds']} |"
    if "nothing_seconds" in part:
        each = ", ".join(str(seconds) for seconds in part["nothing_each"])
        label = f"a way that does nothing, right before each of ours, to its answer (median of {each})"
        yield f"| {label} | {part['nothing_seconds']} |"
    if taken := list(filter(None, map(tell_taken, part.get("taken", ())))):
        yield ""
        yield _fill(f"Of each start of ours, with what does nothing, the host took: {'; '.join(taken)}.")


def describe_conversation(part: Part) -> Iterator[str]:
    """One row for each stretch."""
    yield _fill(
        f"{part['texters']} texters side by side, each turn waits for its answer. Only the count of texts an hour is "
        "set back meanwhile, which would hold the engine back (0104). Now and then an old question is answered in "
        "other words; its time is not among those of the known answers, its cost is in the cost."
    )
    yield ""
    yield "| turns | processor, ms a reply | reply p50, ms | p95 | p99 | replies a second | other words | no answer |"
    yield "|---|---|---|---|---|---|---|---|"
    for step in part["stretches"]:
        first, last = step["turns"]
        lost = step["unanswered"] + step["refused"]
        cost, rate, other = (step[name] for name in ("cpu_ms_per_reply", "replies_per_second", "otherwise"))
        cells = (cost, _ranks(step["reply_ms"]), rate, other, lost)
        yield f"| {first} to {last} | {' | '.join(map(str, cells))} |"


def describe_conversations(part: Part) -> Iterator[str]:
    """One row for each step, and what a conversation holds."""
    held = part["bytes_per_conversation"]
    yield _fill(
        f"All of them open at once, which a day's are not: one ends 30 minutes after its last text. Each has "
        f"{part['texts_of_each']} texts with their answers; it holds {held['store']:,} bytes in the store (marks "
        f"against repeats, 48 hours, included) and {held['keys']:,} in the memory of the keys instance. They were "
        "played through by the product and then copied (`benchmarks/seeding.py`)."
    )
    yield ""
    yield "| open conversations | processor at saturation, ms a reply | replies a second | otherwise or not |"
    yield "|---|---|---|---|"
    for step in part["steps"]:
        cells = (step["cpu_ms_per_reply"], step["replies_per_second"], count_lost(step))
        yield f"| {step['conversations']:,} | {' | '.join(map(str, cells))} |"
    yield ""
    yield "| open conversations, 10 texts a second | seconds | processor, ms a reply | reply p50, ms | p95 | p99 |"
    yield "|---|---|---|---|---|---|"
    for step in part["steps"]:
        if calm := step.get("calm"):
            cost = f"{calm['seconds']:g} | {calm['cpu_ms_per_reply']}"
            yield f"| {step['conversations']:,} | {cost} | {_ranks(calm['reply_ms'])} |"
    rewritten = part["steps"][-1].get("rewrite_cpu_seconds")
    if rewritten is not None:
        yield ""
        yield _fill(
            f"Every {REWRITE_SECONDS // 60} minutes the store's file is rewritten from what is there: {rewritten} s of "
            f"processor time at {part['steps'][-1]['conversations']:,}, which is waited for before each window."
        )


def describe_scaling(part: Part) -> Iterator[str]:
    """One row for each number of workers."""
    yield _fill(
        f"{part['outstanding']} texts outstanding at any moment, on the same cores: more workers cannot answer more "
        "than the cores allow, so what counts is that a reply costs the same work (more machines then answer more)."
    )
    yield ""
    yield "| workers | processor, ms a reply | replies a second and busy core | replies a second | reply p95, ms |"
    yield "|---|---|---|---|---|"
    for step in part["steps"]:
        each = round(1000 / step["cpu_ms_per_reply"], 1)
        cells = (step["cpu_ms_per_reply"], each, step["replies_per_second"], step["reply_ms"]["p95"])
        yield f"| {step['workers']} | {' | '.join(map(str, cells))} |"


def describe_breakdown(part: Part) -> Iterator[str]:
    """One row for each program, of the first number of workers."""
    step = part["steps"][0]
    yield _fill(
        f"At saturation with {step['workers']} worker process(es): each program's part of the "
        f"{step['cpu_ms_per_reply']} ms of a reply. `python -m benchmarks.breakdown` shows the system's time apart."
    )
    yield ""
    yield "| program | processor, ms a reply |"
    yield "|---|---|"
    for program, ms in sorted(step["cpu_ms_by_program"].items(), key=lambda row: -row[1]):
        yield f"| {program} | {ms} |"


def describe_floors(part: Part) -> Iterator[str]:
    """What each step costs by itself."""
    yield "| alone | ms |"
    yield "|---|---|"
    for name, label in _FLOORS.items():
        yield f"| {label}, processor | {part[name]} |"
    yield f"| Rasa's parse of a text in our engine, processor | {part['parse_cpu_ms'][OURS]} |"
    yield f"| Rasa's parse of a text in stock Rasa (DIET), processor | {part['parse_cpu_ms'][STOCK]} |"
    fsync = part["fsync_ms"]
    yield f"| 1 KiB written and fsynced, mean (p50, p99) | {fsync['mean']} ({fsync['p50']}, {fsync['p99']}) |"
