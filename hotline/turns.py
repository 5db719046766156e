"""One turn: what came in, what was heard in it, and what is to follow. Values only; the worker acts on them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from hotline.choices import ChoiceWords
from hotline.conversations import Conversation
from hotline.cover import Cover
from hotline.keywords import Keyword
from hotline.messages import Kind
from hotline.pace import Pace
from hotline.ports import Dialogue, ReplyRef
from hotline.private_words import PrivateAct
from hotline.screening.result import Earlier, Level, ScreeningResult

ASKING = frozenset({"ask_area", "ask_age"})
"""Replies whose question waits for words of the texter's own; nothing is said after them."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The texts that are answered together (C13), and what the pipeline must know of the moment.

    ``at`` is the conversation's own time; ``on_shift`` is True while an advocate is present; ``opted_out`` is True
    after STOP; ``blocked`` is True for the day after two advocates took the address for a probe (R8). ``pace`` is what
    the address asked for before this turn; ``unasked`` is True where the dialogue engine is not to be asked. ``late``
    is True where even the newest text was sent longer ago than a session lasts: nobody knows who holds the phone now.
    """

    texts: tuple[str, ...] = field(repr=False)
    at: datetime
    kind: Kind = Kind.TEXT
    opt_out: str | None = None
    on_shift: bool = False
    opted_out: bool = False
    blocked: bool = False
    code: str | None = None
    """What became of a code word: ``chosen``, ``matched`` or ``unmatched``; None if none was weighed (C9)."""
    pace: Pace = field(default_factory=Pace)
    unasked: bool = False
    late: bool = False
    staff: str | None = field(default=None, repr=False)
    """What follows this month's staff word, where the text begins with it (O3)."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a turn says: a keyword, a level with reasons, a language."""

    text: str = field(repr=False)
    keyword: Keyword | None = None
    level: Level = Level.NONE
    reasons: tuple[str, ...] = ()
    choice: str | None = None
    """The option of the last question that the text picks: ``person``, a topic or a reply key."""
    failed: bool = False
    """True when screening, or anything else that reads the texts, failed; then the level is high (R9)."""
    covered: bool = False
    """True if the turn ends under cover (K7)."""
    act: PrivateAct | None = None
    """A word of the texter's own that the turn sets or says (K7, C9)."""
    language: str | None = None
    """The language that the texts are in, where it can be told."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from a turn, a click or a deadline.

    ``replies`` go to the texter in order, then ``words`` (an advocate's own). ``alert`` is the code of what staff must
    hear of; ``page`` are the rungs of the ladder that are paged for it, which ``hotline.ladder.climb`` fills in.
    ``stop`` True or False writes or lifts an opt-out; ``block`` blocks the address for a day. ``forget`` erases the
    conversation once its last message is out; ``blank`` erases what was said, and it goes on under cover (K7);
    ``erase_chat`` has the provider delete both sides of the chat, where it can (K6). ``pace`` is what the address has
    asked for now. ``result`` is what an advocate's click came to, ``closed_as`` the outcome code of a close.
    """

    conversation: Conversation
    replies: tuple[ReplyRef, ...] = ()
    words: tuple[str, ...] = field(default=(), repr=False)
    alert: str | None = None
    page: tuple[str, ...] = ()
    stop: bool | None = None
    block: bool = False
    forget: bool = False
    blank: bool = False
    erase_chat: bool = False
    result: str = "done"
    closed_as: str | None = None
    pace: Pace | None = None


class ReplyLine(Protocol):
    """One reply of the content, as far as a decision needs it."""

    @property
    def texts(self) -> Sequence[str]:
        """Its one or two messages."""

    @property
    def offers(self) -> tuple[str, ...]:
        """Its options in order; a bare "yes" takes the first."""

    @property
    def no(self) -> str | None:
        """The reply key after a bare "no", if not the usual one."""


class Replies(Protocol):
    """The content, as far as a decision needs it."""

    def reply(self, key: str, language: str) -> ReplyLine:
        """The line of a key. Raises UnknownReply."""

    def names(self, option: str) -> Sequence[str]:
        """Plain words that an option is called, in every language."""

    def lines_in(self, key: str) -> Sequence[str]:
        """Ids of the hotline numbers that a reply says by itself."""

    @property
    def keys(self) -> Collection[str]:
        """Every reply key."""

    @property
    def topics(self) -> Collection[str]:
        """Every topic."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the pipeline asks; all but ``dialogue`` are pure."""

    screen: Callable[[str, Sequence[Earlier]], ScreeningResult]
    find_keyword: Callable[[str], Keyword | None]
    guess_language: Callable[[str], str | None]
    pick_line: Callable[[str, str, datetime], str]
    """The id of a memorable line for a channel and a language, of those that may be given at a time (N2, D3)."""
    replies: Replies
    choice_words: ChoiceWords
    dialogue: Dialogue
    find_act: Callable[[str], PrivateAct | None] = lambda text: None
    answer_staff: Callable[[str, datetime], tuple[ReplyRef, ...]] = lambda rest, at: (ReplyRef("staff_how"),)
    """What outreach staff asked after their word (O3)."""
    is_exit: Callable[[str], bool] = lambda text: False
    """True for a short way out, which counts where it was taught."""
    cover: Cover | None = None
    """The other service that the line can play, or None where the hotline has none (K7)."""
    site_words: frozenset[str] = frozenset()
    """What codes on paper begin with (O2)."""
    glance: Callable[[str], ScreeningResult] | None = None
    """``screen`` for a text that is only looked at while it waits, and is counted when its turn comes."""


type Answer = Callable[[Turn, Heard, Conversation, Services], Outcome]
"""What follows on one way."""
