"""What a value is sealed for; a value sealed for one purpose does not open for another."""

from enum import StrEnum


class Purpose(StrEnum):
    """Named purposes: each derives its own key or binds its own associated data."""

    INBOX = "inbox"
    SESSION = "session"
    WINDOW = "window"
    OUTBOX = "outbox"
    CONTENT_KEY = "content-key"
    INBOX_KEY = "inbox-key"
    STAFF = "staff"
    AUDIT = "audit"
    ERASURE = "erasure"
    ERASE_KEY = "erase-key"
    STAFF_SALT = "staff-salt"
    BACKUP = "backup"
