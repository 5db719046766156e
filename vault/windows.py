"""Opens one line of a window with its conversation's content key."""

from vault.content import ContentKey
from vault.purposes import Purpose


def open_window_line(conversation: str, key: bytes, sealed: bytes) -> bytes:
    """The words, UTF-8. Raises SealBroken."""
    return ContentKey(conversation, key).open(Purpose.WINDOW, sealed)
