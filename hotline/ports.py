"""What the core needs of the world, as Protocols; edges implement them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class ReplyRef:
    """A reply by name: the key of a line in the content, and ids for its gaps (``place`` → a resource id)."""

    key: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DialogueAnswer:
    """What the dialogue engine answers to one text.

    ``handoff`` is a reason code if the texter asked for a person, else None; ``language`` is set if they asked to
    change it; ``understood`` is False when the engine fell back; ``intent`` is what it took the text for; ``also`` is a
    second topic that the text asks about; ``state`` goes back to it with the next text.
    """

    replies: tuple[ReplyRef, ...]
    state: Mapping[str, Any] = field(default_factory=dict, repr=False)
    handoff: str | None = None
    language: str | None = None
    understood: bool = True
    intent: str | None = None
    also: str | None = None


class Dialogue(Protocol):
    """The dialogue engine as a pure function of state and text."""

    async def answer(
        self,
        text: str,
        *,
        language: str,
        channel: str,
        state: Mapping[str, Any],
        now: datetime,
        choice: str | None = None,
    ) -> DialogueAnswer:
        """Replies to one text, or to the topic ``choice`` that it picked from a question.

        Raises DialogueError within three seconds when it cannot.
        """


class Clock(Protocol):
    """Time, so that tests and practice can move it."""

    def now(self) -> datetime:
        """This moment, aware UTC."""
