"""What will happen in a run, worked out from a seed before anything starts: who writes what, and what breaks when."""

import hashlib
import json
import random
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

SMS, TELEGRAM = "sms", "telegram"
QUICK = ("menu", "number", "photo")
"""Texts whose answer does not hang on Rasa and is a message of its own: what a burst is made of."""
BOT = (*QUICK, "hungry", "who")
ALL_WORKERS = "all workers"
PERSON, IMMINENT = "person", "imminent"

ONE, BURST, CROWD = "one", "burst", "crowd"
"""One text; several, each once the one before was taken; several at once, so that they come in any order."""

_REPEATS = ("", "", "", "", "at once", "later")
_LATE_HOURS = (0,) * 11 + (5,)
_QUIET_PART = 0.1
"""The last part of the time in which texts go on and nothing breaks any more."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a texter does next: ``kinds`` of texts, not before ``at`` seconds from the start.

    ``repeat``: the provider delivers the first text once more, at once or after the next step; ``late_hours``: so many
    hours pass on the conversation's clock before it.
    """

    at: float
    kinds: tuple[str, ...]
    manner: str = ONE
    repeat: str = ""
    late_hours: int = 0


@dataclass(frozen=True, slots=True)
class Script:
    """One conversation."""

    channel: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something breaks ``at`` seconds from the start, for ``seconds``; ``how`` is a signal's number, a fault, hours."""

    at: float
    kind: str
    target: str
    seconds: float = 0.0
    how: str = ""
    pick: int = 0
    """Which process of several, by chance."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A run. The same seed and sizes give the same plan, so that a run can be played again."""

    seed: int
    seconds: float
    scripts: tuple[Script, ...]
    troubles: tuple[Trouble, ...]

    @property
    def texts(self) -> int:
        """Texts in all, without repetitions."""
        return sum(len(step.kinds) for script in self.scripts for step in script.steps)

    @property
    def digest(self) -> str:
        """The same for the same plan."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]


def _every_program(engine: bool) -> list[Trouble]:
    """With a Rasa: its actions and the console, too."""
    more = ("rasa", "actions", "console") if engine else ()
    hangs = [Trouble(0, "pause", "rasa", 7.0), Trouble(0, "pause", "actions", 4.0)] if engine else []
    return [Trouble(0, "kill", name) for name in ("webhooks", *more)] + hangs


def _deck(engine: bool) -> list[Trouble]:
    """Every trouble once, the ones that a short run must have first."""
    providers = [
        Trouble(0, "provider", channel, how=how, seconds=seconds)
        for how, seconds in (("drop", 0.0), ("429", 1.0), ("503", 0.0), ("timeout", 4.0), ("500", 0.0))
        for channel in (SMS, TELEGRAM)
    ]
    first = [
        Trouble(0, "kill", "worker"),
        Trouble(0, "pause", "worker", 5.0),
        Trouble(0, "kill", "store"),
        providers[0],
        providers[1],
        Trouble(0, "kill", "webhooks"),
        Trouble(0, "disk", "store", 2.0),
        Trouble(0, "kill", ALL_WORKERS),
        Trouble(0, "pause", "store", 4.0),
        Trouble(0, "clock", "worker", 3.0, how="2"),
    ]
    later = [
        *providers[2:],
        Trouble(0, "kill", "worker"),
        Trouble(0, "kill", "worker"),
        Trouble(0, "pause", "worker", 4.5),
        Trouble(0, "restart", "store"),
        Trouble(0, "stop", "store", 3.0),
        Trouble(0, "kill", "keys"),
        Trouble(0, "pause", "keys", 3.0),
        Trouble(0, "restart", "worker"),
        Trouble(0, "restart", "webhooks"),
        Trouble(0, "pause", "webhooks", 2.5),
        Trouble(0, "clock", "worker", 3.0, how="-1"),
        Trouble(0, "erase", SMS, how="503"),
        Trouble(0, "erase", TELEGRAM, how="429"),
        Trouble(0, "push", "push", how="503"),
    ]
    return [*first, *_every_program(engine), *later]


def _deal(chance: random.Random, deck: Sequence[Trouble], count: int) -> list[Trouble]:
    """So many troubles: the whole deck in its order of importance (shuffled in parts), then again and again."""
    dealt: list[Trouble] = []
    while len(dealt) < count:
        head, tail = list(deck[:10]), list(deck[10:])
        if dealt:
            head, tail = [], [*head, *tail]
        chance.shuffle(head)
        chance.shuffle(tail)
        dealt += [*head, *tail]
    return dealt[:count]


def _troubles(chance: random.Random, seconds: float, every: float, *, engine: bool) -> list[Trouble]:
    last = seconds * (1 - _QUIET_PART)
    moments, at = [], every / 2
    while at < last:
        moments.append(at)
        at += every * chance.uniform(0.6, 1.4)
    dealt = _deal(chance, _deck(engine), len(moments))
    return [
        Trouble(round(at, 2), one.kind, one.target, one.seconds, one.how, chance.randrange(1000))
        for at, one in zip(moments, dealt, strict=True)
    ]


def _kinds(chance: random.Random, left: int, danger: list[str]) -> tuple[tuple[str, ...], str]:
    """The next texts and their manner. Of ``danger`` each comes once in a conversation and by itself."""
    if danger and chance.random() < 0.12:
        return (danger.pop(),), ONE
    if left >= 3 and chance.random() < 0.2:
        return tuple(chance.sample(QUICK, 3)), chance.choice((BURST, BURST, CROWD))
    return (chance.choice(BOT),), ONE


def _script(chance: random.Random, channel: str, texts: int, seconds: float) -> Script:
    danger = [kind for kind in (PERSON, IMMINENT) if chance.random() < 0.6]
    chosen: list[tuple[tuple[str, ...], str]] = []
    while (left := texts - sum(len(kinds) for kinds, _ in chosen)) > 0:
        chosen.append(_kinds(chance, left, danger))
    moments = sorted(chance.uniform(0, seconds) for _ in chosen)
    steps = [
        Step(round(at, 2), kinds, manner, chance.choice(_REPEATS), chance.choice(_LATE_HOURS))
        for at, (kinds, manner) in zip(moments, chosen, strict=True)
    ]
    return Script(channel, tuple(steps))


def build_plan(seed: int, *, conversations: int, texts: int, seconds: float, every: float, engine: bool = True) -> Plan:
    """A plan: ``texts`` over ``conversations`` on both channels, a trouble about every ``every`` seconds."""
    chance = random.Random(seed)
    sizes = [texts // conversations + (number < texts % conversations) for number in range(conversations)]
    scripts = tuple(_script(chance, (SMS, TELEGRAM)[number % 2], size, seconds) for number, size in enumerate(sizes))
    return Plan(seed, seconds, scripts, tuple(_troubles(chance, seconds, every, engine=engine)))


def count_troubles(troubles: Collection[Trouble]) -> dict[str, int]:
    """How often each happens, by what it is."""
    counts: dict[str, int] = {}
    for one in troubles:
        name = f"{one.kind} {one.target}" + (f" {one.how}" if one.how else "")
        counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))
