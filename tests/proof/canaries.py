"""Words, numbers and chat ids that stand nowhere else: new with every run, one of each for every path."""

import random
from dataclasses import dataclass, field

_LETTERS = "bcdfghjklm"


@dataclass(frozen=True)
class Canary:
    """What one path sends: a word of its own inside sentences, and an address of its own."""

    path: str
    word: str
    number: str
    """National number, ten digits."""
    chat: str
    """A chat id, eleven digits."""

    @property
    def digits(self) -> tuple[str, ...]:
        return self.number, self.chat


@dataclass
class Aviary:
    """Every canary of a run. All share a beginning, so that one pattern finds any of them."""

    stem: str
    exchange: str
    chats: str
    birds: dict[str, Canary] = field(default_factory=dict)

    @classmethod
    def hatch(cls) -> "Aviary":
        chance = random.SystemRandom()
        stem = "umbra" + "".join(chance.choice("bcdfghjklmnpqrstvw") for _ in range(7))
        return cls(stem, f"775{chance.randint(200, 999)}", f"7{chance.randint(100_000, 999_999)}")

    def name(self, path: str) -> Canary:
        """The canary of a path, the same whenever it is asked for."""
        if path not in self.birds:
            number = len(self.birds) + 1
            letters = "".join(_LETTERS[int(digit)] for digit in f"{number:03d}")
            # The end is the same for all: of a text's last letter base64 may keep half, and half tells nobody apart.
            self.birds[path] = Canary(
                path, f"{self.stem}{letters}q", f"{self.exchange}{number:03d}4", f"{self.chats}{number:03d}4"
            )
        return self.birds[path]
