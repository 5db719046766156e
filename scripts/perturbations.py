"""How phones and hurried fingers change a text, for tests and the benchmark of screening (R4)."""

import random
from collections.abc import Callable, Mapping

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    letter: row[max(0, at - 1) : at] + row[at + 1 : at + 2] for row in _ROWS for at, letter in enumerate(row)
}
_EMOJI = "😭😅🙏💔😩"


def slip(text: str, chance: random.Random) -> str:
    """One slip of the finger in one word of five: a letter lost, doubled, swapped or beside the right one."""
    words = text.split()
    places = [place for place, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    for place in chance.sample(places, -(-len(places) // 5)):
        word = words[place]
        at = chance.randrange(len(word) - 1)
        near = chance.choice(_NEIGHBOURS.get(word[at].lower(), "e"))
        words[place] = chance.choice(
            [
                word[:at] + word[at + 1 :],
                word[:at] + word[at] * 2 + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + near + word[at + 1 :],
            ]
        )
    return " ".join(words)


def respace(text: str, chance: random.Random) -> str:
    """Double spaces, two words run together, or a word broken apart."""
    words = text.split()
    long = [place for place, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    kind = chance.randrange(3)
    if kind == 0 or len(words) < 2:
        return "  ".join(words)
    if kind == 1 or not long:
        at = chance.randrange(len(words) - 1)
        return " ".join([*words[:at], words[at] + words[at + 1], *words[at + 2 :]])
    place = chance.choice(long)
    at = chance.randrange(1, len(words[place]))
    words[place] = f"{words[place][:at]} {words[place][at:]}"
    return " ".join(words)


def stretch(text: str, chance: random.Random) -> str:
    """A letter of one word held down."""
    words = text.split()
    places = [place for place, word in enumerate(words) if len(word) >= 3 and word.isalpha()]
    if places:
        place = chance.choice(places)
        word = words[place]
        at = chance.randrange(len(word))
        words[place] = word[:at] + word[at] * chance.randrange(3, 6) + word[at + 1 :]
    return " ".join(words)


def decorate(text: str, chance: random.Random) -> str:
    """One or two emoji of distress or none in particular at the end."""
    return f"{text} {chance.choice(_EMOJI) * chance.randrange(1, 3)}"


def shout(text: str, chance: random.Random) -> str:
    """Capitals."""
    return text.upper()


def whisper(text: str, chance: random.Random) -> str:
    """Small letters without full stops, commas or apostrophes."""
    return "".join(c for c in text.lower() if c not in ".,'’!")


PERTURBATIONS: Mapping[str, Callable[[str, random.Random], str]] = {
    "slips": slip,
    "spaces": respace,
    "stretched": stretch,
    "emoji": decorate,
    "capitals": shout,
    "small": whisper,
}
