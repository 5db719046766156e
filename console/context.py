"""What every page is given: the console's parts, and one visit of one person."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request

from console.beside import Beside
from console.cookies import Cookies, build_token
from console.editing import Editing
from console.pages import Pages
from console.paging import PagingDesk
from console.passkeys import PasskeyChecker
from console.passwords import PasswordChecker
from console.ports import Account, Accounts, AuditLog, Desk, Load, People, Seals
from console.printing import PrintDesk
from console.reports import ReportDesk
from console.roles import Roles
from console.throttle import Throttle
from console.training_gate import TrainingGate
from hotline.ports import Clock
from hotline.practice_line import Scenario


@dataclass(frozen=True, slots=True)
class Pace:
    """How often an open page is heard from, in seconds; tests go faster."""

    heartbeat_seconds: float = 15
    check_seconds: float = 5
    present_seconds: int = 45


@dataclass(frozen=True, slots=True)
class Console:
    """The parts, built once by ``build_console``."""

    desk: Desk
    seals: Seals
    accounts: Accounts
    clock: Clock
    roles: Roles
    pages: Pages
    cookies: Cookies
    passwords: PasswordChecker
    throttle: Throttle
    quick_replies: Mapping[str, Mapping[str, str]]
    paging: PagingDesk
    beside: Beside
    printing: PrintDesk
    editing: Editing
    audit: AuditLog
    people: People
    load: Load
    reports: ReportDesk
    training: TrainingGate
    console_url: str
    scenarios: Mapping[str, tuple[Scenario, ...]]
    pace: Pace
    stopping: asyncio.Event
    passkey_checker: PasskeyChecker | None
    """None where the console is reached by an address instead of a name: browsers allow no passkeys there."""
    password_cost: int
    second_factor: bool
    """True where a password alone opens nothing but the enrolling pages."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of one person. ``account`` is None only where a guard lets strangers in."""

    console: Console
    request: Request
    account: Account | None
    secret: str = field(repr=False)
    """The login id, or a stranger's visitor id: what the CSRF token is bound to."""
    form: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def advocate(self) -> Account:
        """The person who is logged in. Raises PermissionError for a stranger."""
        if self.account is None:
            raise PermissionError("nobody is logged in")
        return self.account

    @property
    def token(self) -> str:
        """The CSRF token for this visit's forms."""
        return build_token(self.secret)

    @property
    def agent(self) -> str:
        """What the browser calls itself; a login is good for one browser alone."""
        return self.request.headers.get("user-agent", "")

    @property
    def language(self) -> str:
        """The console's language for this person."""
        wanted = self.account.language if self.account else self.request.headers.get("accept-language", "")
        return self.console.pages.pick_language(wanted)

    @property
    def must_enrol(self) -> bool:
        """True for who has given a password alone where a second step is asked for."""
        return self.console.second_factor and self.account is not None and not self.account.has_second_factor

    def allows(self, permission: str) -> bool:
        """True if this person's roles grant the permission; nothing is granted before a second step."""
        if self.account is None or self.must_enrol:
            return False
        return self.console.roles.allows(self.account.roles, permission)
