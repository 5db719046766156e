"""Whether somebody has passed the training gate, asked before they take a real conversation (A7)."""

from collections.abc import Mapping
from datetime import date

from console.ports import People
from hotline.ports import Clock
from hotline.training import Course, find_missing


class TrainingGate:
    """The courses and who has them. In practice the gate stands open: every texter there is invented."""

    def __init__(self, courses: tuple[Course, ...], people: People, clock: Clock, *, enforced: bool) -> None:
        self.courses = courses
        self.enforced = enforced
        self._people = people
        self._clock = clock

    async def is_open(self, name: str) -> bool:
        """True if nothing is missing; somebody whose courses ran out leaves the roster of readers as well."""
        if not self.enforced or not await self.list_missing(name):
            return True
        await self._people.refresh_reader(name)
        return False

    async def list_missing(self, name: str) -> tuple[str, ...]:
        """Courses that this person lacks today."""
        person = await self._people.find_person(name)
        return self.find_missing(person.training if person else {})

    def find_missing(self, dates: Mapping[str, date]) -> tuple[str, ...]:
        """Courses that are missing today among these dates."""
        return find_missing(dates, [course.id for course in self.courses], self._clock.now().date())
