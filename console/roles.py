"""Roles as data: which permissions each has, checked for completeness at start (A6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hotline.errors import ContentError

ROLES_FILE = Path(__file__).parent / "roles.yml"
ROLES = ("advocate", "supervisor", "admin", "outreach")


@dataclass(frozen=True, slots=True)
class Roles:
    """Permissions by role."""

    permissions: frozenset[str]
    granted: Mapping[str, frozenset[str]]

    def allows(self, roles: Iterable[str], permission: str) -> bool:
        """True if any of the roles grants the permission; an unknown role grants nothing."""
        return any(permission in self.granted.get(role, frozenset()) for role in roles)


def build_roles(document: Any) -> Roles:
    """Roles from their document. Raises ContentError if a role or an answer is missing, unknown or not yes or no."""
    if not isinstance(document, dict) or set(document) != {"permissions", "roles"}:
        raise ContentError("roles: needs permissions and roles")
    permissions = frozenset(document["permissions"])
    if set(document["roles"]) != set(ROLES):
        raise ContentError(f"roles: must be exactly {', '.join(ROLES)}")
    for role, answers in document["roles"].items():
        if set(answers) != permissions or not all(isinstance(answer, bool) for answer in answers.values()):
            raise ContentError(f"roles: {role} must answer every permission with yes or no")
    granted = {
        role: frozenset(permission for permission, answer in answers.items() if answer)
        for role, answers in document["roles"].items()
    }
    return Roles(permissions, granted)


def load_roles(file: Path = ROLES_FILE) -> Roles:
    """Roles from roles.yml. Raises ContentError."""
    return build_roles(yaml.safe_load(file.read_text("utf-8")))
