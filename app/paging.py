"""What paging needs: the calendar, people's ways, the fixed words and the push services. Built from Settings."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from app.settings import Settings
from connectors.web_push.client import PushClient
from hotline.ports import Clock
from hotline.staff_page import StaffPage
from storage.accounts import StoreAccounts
from storage.connection import Store
from storage.contacts import StoreContacts
from storage.page_queue import PageQueue
from storage.presence import Presence
from storage.shifts import StoreShifts
from vault.key_files import Tell, load_keyring, tell_nobody
from vault.web_push import VapidKey


@dataclass(frozen=True, slots=True)
class Paging:
    """The pager's parts. ``push`` is None where no VAPID key is set: browsers are not paged then."""

    contacts: StoreContacts
    shifts: StoreShifts
    accounts: StoreAccounts
    presence: Presence
    queue: PageQueue
    words: StaffPage
    push: PushClient | None


def build_paging(settings: Settings, store: Store, words: StaffPage, clock: Clock, tell: Tell = tell_nobody) -> Paging:
    """Everything that the pager holds. Raises KeyFileError: bad keys stop the start."""
    return Paging(
        contacts=StoreContacts(store, load_keyring(settings.staff_key_file, tell)),
        shifts=StoreShifts(store),
        accounts=StoreAccounts(store),
        presence=Presence(store, clock),
        queue=PageQueue(store),
        words=words,
        push=_build_push(settings, clock),
    )


def _build_push(settings: Settings, clock: Clock) -> PushClient | None:
    if not settings.vapid_private_key:
        return None
    key = VapidKey(settings.vapid_private_key.reveal())
    # Checked at the start: a damaged key would be found in the night, by nobody.
    if settings.vapid_public_key and settings.vapid_public_key.rstrip("=") != key.public:
        raise ValueError("VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY are not of one pair; see: porchlight keys vapid")
    console = urlsplit(settings.console_url)
    subject = f"https://{console.hostname}" if console.scheme == "https" else "mailto:practice@localhost"
    return PushClient(lambda endpoint: key.sign(endpoint, subject, clock.now()), practice=settings.mode == "practice")
