"""Judges a run by what the providers saw: pure, and nothing of Porchlight is asked."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.chaos.pages import match_pages
from tests.chaos.plan import IMMINENT, PERSON, SMS

REACHED = frozenset({"accepted", "drop", "late_status"})
"""Outcomes of a send with which the message is on the handset; with ``drop`` the hotline got no answer."""

LEAVING_SECONDS = 1.0
"""A text that comes while the message is on its way that the person has left is read by that person."""

WINDOW_SECONDS = 1.5
"""Between a provider's taking a message and our note of it, with room for a busy machine."""

AGAIN_SECONDS = 30.0
"""So long after a copy another one may still be its double."""

PAGE_SECONDS = 5.0
_CLAIMED_SECONDS = 1.0

IN_WORK_SECONDS = 20.0
"""So long before its death a text may still have been in work when the keys instance died, all in memory (P3)."""

_UNTIL_NOTICED_SECONDS = 5.0

_HIDES_SENDS = frozenset({"worker", "workers", "store"})
"""Targets of trouble that keep what was sent from being noted."""


@dataclass(slots=True)
class Inbound:
    """One text. ``taken_at``: when the provider first got 200 for it; None if never. Moments are monotonic seconds."""

    kind: str
    external_id: str
    posted_at: float
    taken_at: float | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the hotline's on a handset."""

    text: str
    at: float
    outcome: str = "accepted"


@dataclass(slots=True)
class Conversation:
    """What one texter wrote, step by step, and what arrived."""

    channel: str
    address: str
    steps: list[list[Inbound]] = field(default_factory=list)
    received: list[Message] = field(default_factory=list)

    def window(self, number: int) -> list[Message]:
        """What arrived from a step's first text on, until the next step's first."""
        began = min(text.posted_at for text in self.steps[number])
        later = [min(text.posted_at for text in step) for step in self.steps[number + 1 : number + 2] if step]
        ended = later[0] if later else float("inf")
        return [message for message in self.received if began <= message.at < ended]


@dataclass(frozen=True, slots=True)
class Span:
    """A trouble, from when to when it lasted."""

    name: str
    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Words:
    """What was learned in calm: the message that only this kind of text is answered with, and messages of others."""

    markers: Mapping[str, str]
    openings: frozenset[str]
    """Come with the first texts of a session, besides its answers."""
    asked: str
    """Says that a person was asked to join."""
    person: str
    """How every message of a person begins."""
    left: str
    """How the message begins that says that the person has left."""
    comings: tuple[str, ...]
    """How messages begin that say that a person has come or gone; they take turns."""


@dataclass(frozen=True, slots=True)
class Double:
    """A message that came once more without a cause."""

    channel: str
    address: str
    text: str
    before: tuple[Message, ...]
    """The copies of the half minute before, the oldest first: any of them may be the one that was sent again."""
    again: Message

    def __str__(self) -> str:
        times = ", ".join(f"{one.at:.1f} ({one.outcome})" for one in (*self.before, self.again))
        return f"{self.address} ({self.channel}): {self.text[:40]!r} at {times}"


@dataclass
class Findings:
    """What was found wrong. Lists must be empty but for ``in_window`` and ``died``, stated with ``late_pages``.

    ``died`` are texts that could be read by nobody any more, not even who wrote them, when the keys instance had died:
    a person is paged, and can write only once the texter does.
    """

    not_taken: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    twice: list[Double] = field(default_factory=list)
    no_owner: list[str] = field(default_factory=list)
    not_paged: list[str] = field(default_factory=list)
    in_window: list[Double] = field(default_factory=list)
    died: list[str] = field(default_factory=list)
    late_pages: int = 0


def find_missing(conversation: Conversation, number: int, words: Words) -> list[Inbound]:
    """The texts of a step that nothing answered: neither its own answer, nor another message in its place."""
    window = conversation.window(number)
    texts = Counter(message.text for message in window)
    known = {*words.markers.values(), *words.openings}
    instead = sum(count for text, count in texts.items() if text not in known)
    step = conversation.steps[number]
    missing = [text for text in step if not texts[words.markers.get(text.kind, "\0")]]
    if not missing or _has_human(conversation, number, words):
        return []
    return missing[: max(0, len(missing) - instead)]


def _has_human(conversation: Conversation, number: int, words: Words) -> bool:
    """A person wrote since the step, or had written before it and had not left yet."""
    began = min(text.posted_at for text in conversation.steps[number])
    ended = max((message.at for message in conversation.window(number)), default=began)
    for place, message in enumerate(conversation.received):
        if message.text.startswith(words.person) and message.at <= ended:
            left = (other.at for other in conversation.received[place:] if other.text.startswith(words.left))
            if began <= next(left, ended) + LEAVING_SECONDS:
                return True
    return False


def find_disorder(conversation: Conversation, number: int, words: Words) -> list[str]:
    """Answers that came in another order than their texts were taken in."""
    first: dict[str, float] = {}
    last: dict[str, float] = {}
    for message in conversation.window(number):
        first.setdefault(message.text, message.at)
        last[message.text] = message.at
    step = [text for text in conversation.steps[number] if text.taken_at is not None]
    faults = []
    for one in step:
        for other in step:
            before = one.taken_at is not None and one.taken_at < other.posted_at
            mine, its = (words.markers.get(text.kind, "\0") for text in (one, other))
            if before and mine in first and its in last and first[mine] > last[its]:
                faults.append(f"{conversation.address}: {other.kind} before {one.kind}")
    return faults


def _came_again(conversation: Conversation, message: Message, words: Words) -> bool:
    """Somebody came twice without having gone, or went twice."""
    told = [one for one in conversation.received if one.text.startswith(words.comings) and one.at <= message.at]
    return len(told) > 1 and told[-2].text == message.text


def _find_unmarked(conversation: Conversation, words: Words) -> list[float]:
    """When texts were posted that their own answer did not follow: something else was said in its place."""
    moments = []
    for number, step in enumerate(conversation.steps):
        came = {message.text for message in conversation.window(number)}
        moments += [text.posted_at for text in step if words.markers.get(text.kind, "\0") not in came]
    return moments


def find_doubles(conversation: Conversation, words: Words) -> list[Double]:
    """Messages that came more often than something asked for them."""
    doubles, asked, came = [], Counter[str](), Counter[str]()
    kinds = {text: kind for kind, text in words.markers.items()}
    unmarked = _find_unmarked(conversation, words)
    for number, step in enumerate(conversation.steps):
        asked.update(text.kind for text in step)
        for message in conversation.window(number):
            copies = _copies_before(conversation, message)
            causes = sum(1 for at in unmarked if message.at - 2 * AGAIN_SECONDS < at <= message.at)
            is_double = bool(copies) and len(copies) >= causes
            if message.text in words.openings:
                here = (one for one in copies if one.at >= step[0].posted_at)
                is_double = sum(1 for _ in here) >= len(step)
            elif message.text.startswith(words.person):  # no two of a person's are alike
                is_double = bool(copies)
            elif message.text.startswith(words.comings):
                is_double = _came_again(conversation, message, words)
            elif kind := kinds.get(message.text):
                is_double = came[kind] == asked[kind]
                came[kind] += not is_double
            if is_double:
                doubles.append(Double(conversation.channel, conversation.address, message.text, copies, message))
    return doubles


def _copies_before(conversation: Conversation, message: Message) -> tuple[Message, ...]:
    since = message.at - AGAIN_SECONDS
    return tuple(one for one in conversation.received if one.text == message.text and since <= one.at < message.at)


def is_excused(double: Double, troubles: Iterable[Span]) -> bool:
    """Telegram cannot be asked what it took: what was not noted when something broke may come once more (X5)."""
    if double.channel == SMS:
        return False
    near = [one for one in troubles if set(one.name.split()) & _HIDES_SENDS]
    return any(
        copy.outcome == "drop"
        or any(one.began - WINDOW_SECONDS <= copy.at <= one.ended + WINDOW_SECONDS for one in near)
        for copy in double.before
    )


def died_with_keys(at: float, troubles: Iterable[Span], pushes: Sequence[float], page_seconds: float) -> bool:
    """True if what came then may have died with the keys instance, and somebody was paged for it."""
    for one in troubles:
        if one.name == "kill keys" and one.began - IN_WORK_SECONDS <= at <= one.ended + _UNTIL_NOTICED_SECONDS:
            return any(one.began < page <= one.ended + page_seconds for page in pushes)
    return False


def find_ownerless(conversation: Conversation, words: Words) -> float | None:
    """When the last hand-off was that no person has taken: asked for, in danger, or told that a person was asked."""
    person = (message.at for message in conversation.received if message.text.startswith(words.person))
    last = max(person, default=0.0)
    texts = [text for step in conversation.steps for text in step if text.kind in {PERSON, IMMINENT}]
    told = [message.at for message in conversation.received if message.text == words.asked]
    moments = [text.posted_at for text in texts if text.taken_at is not None] + told
    return max(moments) if max(moments, default=0.0) > last else None


def _came_at_once(conversation: Conversation, posted_at: float, words: Words) -> bool:
    """True if a person was there before a page could go out: nobody is paged for what somebody has claimed."""
    came = [message.at for message in conversation.received if message.text.startswith(words.comings)]
    return any(0 <= at - posted_at <= _CLAIMED_SECONDS for at in came)


def _find_silences(conversation: Conversation, words: Words) -> Iterable[tuple[float, str]]:
    for number in range(len(conversation.steps)):
        came = [message.text[:40] for message in conversation.window(number)]
        for text in find_missing(conversation, number, words):
            if text.taken_at is not None:
                yield text.posted_at, f"{text.kind}, got {came}"


def judge(
    conversations: Sequence[Conversation],
    words: Mapping[str, Words],
    pushes: Sequence[float],
    troubles: Sequence[Span],
    page_seconds: float,
) -> Findings:
    """Everything that is wrong. ``words`` by channel; ``page_seconds``: how late a page may be while things break."""
    found, imminent = Findings(), list[float]()
    taken = set[float]()
    for one in conversations:
        known = words[one.channel]
        texts = [text for step in one.steps for text in step]
        found.not_taken += [f"{one.address}: {text.kind}" for text in texts if text.taken_at is None]
        mine = [text.posted_at for text in texts if text.kind == IMMINENT and text.taken_at is not None]
        imminent += mine
        taken |= {at for at in mine if _came_at_once(one, at, known)}
        faults = [(at, what, found.unanswered) for at, what in _find_silences(one, known)]
        if alone := find_ownerless(one, known):
            faults.append((alone, "handed over, and nobody came", found.no_owner))
        for at, what, line in faults:
            died = died_with_keys(at, troubles, pushes, page_seconds)
            (found.died if died else line).append(f"{one.address}, {at:.1f}: {what}")
        for number in range(len(one.steps)):
            found.out_of_order += find_disorder(one, number, known)
        for double in find_doubles(one, known):
            (found.in_window if is_excused(double, troubles) else found.twice).append(double)
    waits = match_pages(imminent, pushes, page_seconds)
    unpaged = [
        (number, at) for number, (at, wait) in enumerate(zip(sorted(imminent), waits, strict=True)) if wait is None
    ]
    found.not_paged = [f"imminent text {number}" for number, at in unpaged if at not in taken]
    found.late_pages = sum(1 for wait in waits if wait is not None and wait > PAGE_SECONDS)
    return found
