"""One texter, three advocates and a worker that may die: the machine's state as the store would keep it, in memory.

It uses the real decisions (pipeline, clicks, deadlines, ladder) and keeps their outcomes by the store's rules.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from app.desk_commands import Circumstances, obey
from hotline.conversations import Conversation, Owner, Session
from hotline.deadlines import KINDS, LEASE, Timings, due_times, handle_deadline
from hotline.ladder import climb
from hotline.messages import SMS, Address, ConversationId
from hotline.pipeline import handle_inbound
from hotline.turns import Outcome, Turn
from storage.inbox import DeskCommand
from storage.keyspace import BLOCK_SECONDS
from tests.hotline.pipeline_world import NOON, Talk

ADVOCATES = ("ann", "bob", "cy")
TIMINGS = Timings()
SOMEONE = Address("+17025550123")


@dataclass
class Step:
    """One commit: what was there before, what followed."""

    before: Conversation
    outcome: Outcome
    at: datetime
    opted_out: bool = False
    asked_dialogue: bool = False
    command: DeskCommand | None = None
    texts: tuple[str, ...] = ()


@dataclass
class Hotline:
    """The store's rows and the clock."""

    at: datetime = NOON
    kept: dict[str, Conversation] = field(default_factory=dict)
    address: str | None = None
    due: dict[tuple[str, str], datetime] = field(default_factory=dict)
    windows: dict[str, list[str]] = field(default_factory=dict)
    opted_out: bool = False
    blocked_until: datetime = NOON
    on_shift: bool = True
    born: int = 0
    talk: Talk = field(default_factory=Talk)

    def text(self, *texts: str) -> Step:
        """A turn of the texter's, from load to commit."""
        before = self.kept.get(self.address or "") or self._stranger()
        asked = len(self.talk.dialogue.asked)
        turn = Turn(texts, self.at, on_shift=self.on_shift, opted_out=self.opted_out, blocked=self.is_blocked)
        outcome = run(handle_inbound(turn, before, self.talk.services))
        step = Step(before, climb(before, outcome, self.at, TIMINGS), self.at, self.opted_out, texts=texts)
        return replace(step, asked_dialogue=len(self.talk.dialogue.asked) > asked)

    def click(self, command: DeskCommand) -> Step | None:
        """An advocate's click; None if what it is about is gone."""
        before = self.kept.get(command.conversation)
        if before is None:
            return None
        outcome = obey(command, before, Circumstances(self.at, self.opted_out, TIMINGS, ADVOCATES))
        return Step(before, climb(before, outcome, self.at, TIMINGS), self.at, self.opted_out, command=command)

    def deadline(self, kind: str, conversation: str) -> Step | None:
        """A deadline that has come; None if what it is about is gone."""
        before = self.kept.get(conversation)
        if before is None:
            return None
        outcome = handle_deadline(kind, before, self.at)
        return Step(before, climb(before, outcome, self.at, TIMINGS), self.at, self.opted_out)

    def commit(self, step: Step) -> None:
        """Keeps a step's effects as ``app/outcome_writes.py`` does."""
        outcome, after = step.outcome, step.outcome.conversation
        elsewhere = after.id in self.kept and self.address != after.id
        if outcome.stop is not None:
            self.opted_out = outcome.stop
        if outcome.block:
            self.blocked_until = self.at + timedelta(seconds=BLOCK_SECONDS)
        self.windows.setdefault(after.id, []).extend((*step.texts, *outcome.words))
        if outcome.forget:
            self._forget(after.id, elsewhere)
            return
        self.kept[after.id] = after
        if not elsewhere:
            self.address = None if after.ended else after.id
        self._keep_deadlines(step.before, after)

    def renew(self, conversation: str, advocate: str) -> None:
        """The open page of an advocate, or of their partner, keeps the lease."""
        found = self.kept.get(conversation)
        if found and found.owner is Owner.WITH_ADVOCATE and advocate in {found.advocate, found.partner}:
            self.due[LEASE, conversation] = self.at + timedelta(seconds=TIMINGS.lease_seconds)

    @property
    def is_blocked(self) -> bool:
        """True for a day after two people blocked the address."""
        return self.at < self.blocked_until

    @property
    def come(self) -> list[tuple[str, str]]:
        """The deadlines that have come, the earliest first."""
        return sorted((key for key, at in self.due.items() if at <= self.at), key=lambda key: self.due[key])

    def _stranger(self) -> Conversation:
        self.born += 1
        return Conversation(ConversationId(f"c{self.born}"), SMS, Session(SOMEONE))

    def _forget(self, conversation: str, elsewhere: bool) -> None:
        self.kept.pop(conversation, None)
        self.windows.pop(conversation, None)
        self.due = {key: at for key, at in self.due.items() if key[1] != conversation}
        if not elsewhere:
            self.address = None

    def _keep_deadlines(self, before: Conversation, after: Conversation) -> None:
        times = due_times(after, self.at, TIMINGS)
        for kind in KINDS:
            key = (kind, after.id)
            if kind not in times:
                self.due.pop(key, None)
            elif kind != LEASE or before.advocate != after.advocate or key not in self.due:
                self.due[key] = times[kind]


def run(coroutine: Any) -> Outcome:
    """The result of a coroutine that waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        outcome: Outcome = done.value
        return outcome
    raise AssertionError("the pipeline waited for the world")
