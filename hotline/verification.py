"""When an entry of a directory may be served: somebody confirmed it, and not too long ago (D3)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from hotline.errors import ContentError
from hotline.records import Record

MODES = ("practice", "live")
FRESH_DAYS = 90
HIDDEN_DAYS = 180


class Serving(Enum):
    """How an entry is served."""

    NORMAL = "normal"
    LAST = "last"
    """Shown after all others, with "call first"."""
    HIDDEN = "hidden"


class Freshness(Enum):
    """How long ago somebody confirmed an entry."""

    FRESH = "fresh"
    PAST_90_DAYS = "past_90_days"
    PAST_180_DAYS = "past_180_days"
    EXPIRED = "expired"
    """After the day that it names itself."""
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Verification:
    """Who confirmed an entry and when; all None means nobody did."""

    assured_on: date | None = None
    verified_by: str | None = None
    expires_on: date | None = None


def build_verification(record: Record, *, assured: str = "assured_date") -> Verification:
    """The verification of a record. Raises ContentError if a date has nobody who answers for it."""
    found = Verification(
        assured_on=record.date(assured),
        verified_by=record.text("verified_by") if record.has("verified_by") else None,
        expires_on=record.date("expires_on"),
    )
    if (found.assured_on is None) != (found.verified_by is None):
        raise record.refuse(assured, "given together with verified_by, or neither")
    return found


def check_mode(mode: str) -> str:
    """The mode itself. Raises ContentError unless it is practice or live: there is no third (X3)."""
    if mode not in MODES:
        raise ContentError("mode must be practice or live")
    return mode


def find_freshness(verification: Verification, now: datetime) -> Freshness:
    """How old the confirmation is at ``now`` (aware), in every mode. A date in the future confirms nothing."""
    today, assured_on = now.date(), verification.assured_on
    if assured_on is None or assured_on > today + timedelta(days=1):
        return Freshness.UNCONFIRMED
    if verification.expires_on is not None and verification.expires_on < today:
        return Freshness.EXPIRED
    age = today - assured_on
    if age > timedelta(days=HIDDEN_DAYS):
        return Freshness.PAST_180_DAYS
    return Freshness.FRESH if age <= timedelta(days=FRESH_DAYS) else Freshness.PAST_90_DAYS


def decide_serving(verification: Verification, *, mode: str, now: datetime, never_hidden: bool = False) -> Serving:
    """How an entry is served at ``now`` (aware).

    Practice serves everything. Live serves what was confirmed within 90 days, puts it last up to 180 days, and hides
    it after that, after its own expiry, or if nobody ever confirmed it; ``never_hidden`` entries are put last
    instead, since no state of content may stop the service (D3). A date in the future confirms nothing.
    """
    if check_mode(mode) == "practice":
        return Serving.NORMAL
    freshness = find_freshness(verification, now)
    if freshness is Freshness.FRESH:
        return Serving.NORMAL
    hides = freshness is not Freshness.PAST_90_DAYS and not never_hidden
    return Serving.HIDDEN if hides else Serving.LAST
