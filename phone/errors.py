"""Errors of the practice phone; none carries a text or an address."""


class PhoneError(Exception):
    """Root of every error that the practice phone raises on purpose."""


class SettingsError(PhoneError):
    """The environment does not allow the practice phone to start."""


class PracticeError(PhoneError):
    """A practice request asks for something that does not exist; the message is shown to the caller (HTTP 400)."""
