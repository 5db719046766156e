"""What an administrator's form may ask for: names, roles and dates, checked before anything changes (A6, A7)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from console.ports import Person
from console.roles import ROLES
from hotline.staff_changes import ADMIN
from hotline.training import Course, compute_end

_ALIAS = re.compile(r"[a-z0-9][a-z0-9._-]{1,30}")
ACTIVE, SUSPENDED = "active", "suspended"
CHECKED = "yes"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as the page shows them; ``missing`` are courses without a valid date."""

    person: Person
    missing: tuple[str, ...]
    own: bool

    @property
    def needs_training(self) -> bool:
        """True for an advocate whom the gate keeps out."""
        return "advocate" in self.person.roles and bool(self.missing)


def read_roles(form: Mapping[str, str]) -> tuple[str, ...]:
    """The roles that were ticked, in the order of ROLES."""
    return tuple(role for role in ROLES if form.get(f"role_{role}") == CHECKED)


def is_alias(name: str) -> bool:
    """True for 2 to 31 small letters, digits, dots or dashes."""
    return bool(_ALIAS.fullmatch(name))


def list_active_admins(people: tuple[Person, ...]) -> frozenset[str]:
    """Administrators who can log in."""
    return frozenset(one.name for one in people if ADMIN in one.roles and one.state == ACTIVE)


def read_training(form: Mapping[str, str], courses: tuple[Course, ...], today: date) -> tuple[str, date | None] | None:
    """The course and the last day on which it is valid (None: forget it); None for an unknown course or a bad date.

    The form asks on which day the course was done, which may not lie ahead.
    """
    course = next((one for one in courses if one.id == form.get("course", "")), None)
    if course is None:
        return None
    text = form.get("done", "").strip()
    if not text:
        return course.id, None
    try:
        done = date.fromisoformat(text)
    except ValueError:
        return None
    return (course.id, compute_end(done, course.months)) if date(2000, 1, 1) <= done <= today else None
