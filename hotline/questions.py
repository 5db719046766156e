"""The last question of a turn, and what the next text picks from it (V3, C2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.choices import find_choice, find_named, find_spoken_names
from hotline.content import PERSON, TOPIC_GAPS
from hotline.conversations import Conversation
from hotline.keywords import Keyword, KeywordName
from hotline.turns import Outcome, Services

_STANDS_BESIDE = frozenset({"phone_ok", "late_answer"})
"""Questions that stand beside another reply and whose answer is heard elsewhere (C2)."""

_OFFER_AGAIN = "offer_person"
_ASKED_UNOFFERED = ("how_to_delete",)
"""What can be asked for by name after someone came near: its answer says nothing of what was said before (R10)."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a reply asks: its key, its options in order, and the reply after a bare "no"."""

    key: str | None = None
    offers: tuple[str, ...] = ()
    no: str | None = None


def find_question(outcome: Outcome, services: Services) -> Question:
    """The last reply that asks something; a question that waits for words offers nothing."""
    for ref in reversed(outcome.replies):
        line = services.replies.reply(ref.key, outcome.conversation.language)
        named = tuple(ref.params[name] for name in TOPIC_GAPS if name in ref.params)
        if named or line.offers:
            return Question(ref.key, named or line.offers, line.no)
        if "?" in line.texts[-1] and ref.key not in _STANDS_BESIDE:
            break
    return Question()


def find_pick(text: str, keyword: Keyword | None, conversation: Conversation, services: Services) -> str | None:
    """The option that a short text picks: ``person``, a topic or a reply key; a longer one, how to delete (R10).

    A bare "yes" to two questions at once, the phone's and a person's, is asked again: nobody is paged by mistake.
    """
    name, session = keyword.name if keyword else None, conversation.session
    if name is KeywordName.NO:
        return session.on_no
    spoken = _read_names(conversation, services)
    offers = (*session.choices, *(spoken.keys() - set(session.choices)))
    picked = find_choice(text, name, offers, services.choice_words, lambda option: _names(option, spoken, services))
    if picked is None and "someone_here" in conversation.reasons:
        picked = find_named(text, _ASKED_UNOFFERED, services.choice_words, services.replies.names)
    unclear = picked == PERSON and name is KeywordName.YES and session.awaiting_phone_ok
    return _OFFER_AGAIN if unclear else picked


def find_late_pick(text: str, conversation: Conversation, services: Services) -> str | None:
    """As find_pick, for a longer text of which nothing else was made."""
    spoken = _read_names(conversation, services)
    offers, words = conversation.session.choices, services.choice_words
    return find_named(text, offers, words, lambda option: _names(option, spoken, services))


def _read_names(conversation: Conversation, services: Services) -> Mapping[str, tuple[str, ...]]:
    session = conversation.session
    if session.asked is None or session.asked not in services.replies.keys:
        return {}
    text = services.replies.reply(session.asked, conversation.language).texts[-1]
    return find_spoken_names(text, session.choices, services.choice_words.small)


def _names(option: str, spoken: Mapping[str, tuple[str, ...]], services: Services) -> tuple[str, ...]:
    return (*services.replies.names(option), *spoken.get(option, ()))
