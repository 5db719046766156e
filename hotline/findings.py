"""What a look at an installation found: one line that says what, why it matters and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Grade(IntEnum):
    """How much a finding matters: nothing to do, to be looked at soon, or wrong now."""

    WELL = 0
    LOOK = 1
    WRONG = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One line for an operator, without a secret, a texter's number or a word of a text.

    ``about`` is the part that was looked at; ``why`` and ``remedy`` are empty where all is well.
    """

    about: str
    grade: Grade
    what: str
    why: str = ""
    remedy: str = ""

    def line(self) -> str:
        """The finding as it is printed."""
        reason = f": {self.why}" if self.why else ""
        return (
            f"{self.grade.name:<5}  {self.about:<11}  {self.what}{reason}{f' -> {self.remedy}' if self.remedy else ''}"
        )


def well(about: str, what: str) -> Finding:
    """Nothing to do."""
    return Finding(about, Grade.WELL, what)


def look(about: str, what: str, why: str, remedy: str) -> Finding:
    """To be looked at soon."""
    return Finding(about, Grade.LOOK, what, why, remedy)


def wrong(about: str, what: str, why: str, remedy: str) -> Finding:
    """Wrong now: texters are, or may be, worse off."""
    return Finding(about, Grade.WRONG, what, why, remedy)


def find_worst(findings: Iterable[Finding]) -> Grade:
    """The gravest of them; WELL if there is none."""
    return max((finding.grade for finding in findings), default=Grade.WELL)
