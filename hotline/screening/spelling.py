"""Spelling: how a text is brought to plain words before rules look at it (R4). Never shown or stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from hotline.meanings import BREAK
from hotline.screening.vocabulary import Vocabulary, joins, mend, split
from hotline.text import fold

_BREAKS = str.maketrans(dict.fromkeys('.,;:?()\n\r\t"|…¿¡', " . ") | dict.fromkeys("-/_#&=~<>[]{}^%\\", " "))
_LEET = [str.maketrans("0134578@$!+", f"o{one}eastbasit") for one in "il"]
_VOWELS = "aeiou"
_LONGEST_HALF = 100
"""Of a run of characters without a space the ends are read; nobody's word is as long."""

_FIRST_MENDED, _LAST_MENDED = 80, 40
"""A text has as many slips only if it is none: the longest text of any channel has 800 words."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """What is known of spelling: ``known`` words stay, ``words`` and ``pairs`` are written out in plain words,
    ``signs`` are emoji, ``slips`` are slips of the fingers in ``risk`` words."""

    known: frozenset[str]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pairs: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    signs: Mapping[int, str] = field(default_factory=dict)
    slips: Mapping[str, str] = field(default_factory=dict)
    risk: frozenset[str] = frozenset()
    vocabulary: Vocabulary = field(default_factory=Vocabulary, repr=False)

    def has(self, word: str) -> bool:
        """Whether a word needs no mending."""
        return word in self.known or word in self.words or self.vocabulary.has(word)


def build_slips(risk: Iterable[str], known: frozenset[str]) -> dict[str, str]:
    """Every near miss of every risk word: a letter left out, two swapped, or one vowel for another."""
    slips: dict[str, str] = {}
    for word in sorted(risk):
        for i, letter in enumerate(word):
            near = {word[:i] + word[i + 1 :], word[:i] + word[i + 1 : i + 2] + letter + word[i + 2 :]}
            if letter in _VOWELS:
                near |= {word[:i] + vowel + word[i + 1 :] for vowel in _VOWELS}
            for slip in near - known:
                slips.setdefault(slip, word)
    return slips


def normalise(text: str, spelling: Spelling) -> str:
    """The text as plain small ASCII words with one space between and ``.`` where a sentence or clause breaks.

    Normalising twice equals once, but for a text with more words that nobody knows than are mended. Takes any string,
    never raises, in time linear in its length.
    """
    tokens: list[str] = []
    for chunk in fold(text.translate(spelling.signs)).translate(_BREAKS).split():
        tokens.extend(_read_chunk(chunk, spelling))
    whole = _join_broken(tokens, spelling)
    return " ".join(_tidy(_join_pairs(_join_letters(whole, spelling), spelling)))


def _spell_out(tokens: list[str], spelling: Spelling) -> dict[str, tuple[str, ...]]:
    """Each word's plain words, looked up once; of very many that nobody knows the first and the last are mended."""
    words = dict.fromkeys(tokens)
    unknown = [word for word in words if word not in spelling.known and word not in spelling.words]
    left = set(unknown[_FIRST_MENDED:-_LAST_MENDED])
    return {word: (word,) if word in left else _plain_words(word, spelling) for word in words}


def _read_chunk(chunk: str, spelling: Spelling) -> list[str]:
    if len(chunk) > 2 * _LONGEST_HALF:
        ends = chunk[:_LONGEST_HALF], chunk[-_LONGEST_HALF:]
        return [token for end in ends for token in _read_chunk(end, spelling)]
    if chunk == BREAK or (chunk.isascii() and chunk.isalnum()):
        return [chunk]
    inner = chunk.strip("!*+")
    found = _find_word(inner, spelling) if inner.isascii() and not inner.isalnum() else None
    tokens = [found] if found else "".join(c if c.isascii() and c.isalnum() else " " for c in chunk).split()
    if chunk.endswith("!"):
        tokens.append(BREAK)
    return tokens or [BREAK]


def _find_word(chunk: str, spelling: Spelling) -> str | None:
    if not chunk.translate(_LEET[0]).strip("*").replace("*", "").isalpha():
        return None
    for table in _LEET:
        plain = chunk.translate(table)
        tries = [plain.replace("*", vowel) for vowel in _VOWELS] if "*" in plain else [plain]
        for word in tries:
            if word in spelling.known or word in spelling.words:
                return word
    return None


def _join_broken(tokens: list[str], spelling: Spelling) -> list[str]:
    joined: list[str] = []
    for token in tokens:
        before = joined[-1] if joined else BREAK
        broken = before.isalpha() and token.isalpha() and not (before in spelling.known and token in spelling.known)
        if broken and joins(before, token, spelling.vocabulary):
            joined[-1] += token
        else:
            joined.append(token)
    return joined


def _join_letters(tokens: list[str], spelling: Spelling) -> list[str]:
    """Letters typed apart become their word; a long run that spells nothing stays as it is."""
    joined: list[str] = []
    plain = _spell_out(tokens, spelling)
    at = 0
    while at < len(tokens):
        end = at
        letters = ""
        while end < len(tokens) and (tokens[end] == BREAK or (len(tokens[end]) == 1 and tokens[end].isalpha())):
            letters += "" if tokens[end] == BREAK else tokens[end]
            end += 1
        if len(letters) > 2:
            spelled = letters in spelling.words or letters in spelling.known
            joined.extend(_plain_words(letters, spelling) if spelled else tokens[at:end])
        else:
            end = max(end, at + 1)
            joined.extend(word for token in tokens[at:end] for word in plain[token])
        at = end
    return joined


def _plain_words(token: str, spelling: Spelling) -> tuple[str, ...]:
    written_out = spelling.words.get(token)
    if written_out is not None:
        return written_out
    if token in spelling.known or len(token) < 3 or token.isdigit():
        return (token,)
    better = _mend(token, spelling)
    if better == token and token.isalpha():
        better = mend(token, spelling.vocabulary)
    if better == token:
        parts = split(token, spelling.vocabulary)
        return tuple(word for part in parts for word in spelling.words.get(part, (part,)))
    return spelling.words.get(better, (better,))


def _mend(token: str, spelling: Spelling) -> str:
    short = _shorten(token, spelling)
    if short is not None:
        return short
    if token in spelling.slips:
        return spelling.slips[token]
    if not token.isalpha():
        return _find_word(token, spelling) or token
    if 5 < len(token) < 16:
        for i in range(len(token)):
            if token[:i] + token[i + 1 :] in spelling.risk:
                return token[:i] + token[i + 1 :]
    return token


def _shorten(token: str, spelling: Spelling) -> str | None:
    runs = [(letter, len(list(same))) for letter, same in groupby(token)]
    longest = max(length for _, length in runs)
    once = "".join(letter for letter, _ in runs)
    if longest == 2 and (runs[-1][1] == 2 and once in spelling.risk):
        return once
    if longest < 3 or token.isdigit():
        return None
    twice = "".join(letter * min(length, 2) for letter, length in runs)
    last = "".join(letter * (min(length, 2) if length < 3 else 1) for letter, length in runs)
    for word in (last, twice, once):
        if spelling.has(word):
            return word
    return spelling.slips.get(once)


def _join_pairs(tokens: list[str], spelling: Spelling) -> list[str]:
    joined: list[str] = []
    at = 0
    while at < len(tokens):
        pair = spelling.pairs.get((tokens[at], tokens[at + 1])) if at + 1 < len(tokens) else None
        joined.extend(pair or tokens[at : at + 1])
        at += 2 if pair else 1
    return joined


def _tidy(tokens: list[str]) -> list[str]:
    kept: list[str] = []
    for token in tokens:
        if token != BREAK or (kept and kept[-1] != BREAK):
            kept.append(token)
    if kept and kept[-1] == BREAK:
        kept.pop()
    return kept
