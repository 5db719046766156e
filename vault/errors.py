"""Errors of secrecy; they never say what was sealed."""

from hotline.errors import PorchlightError


class SealBroken(PorchlightError):
    """The sealed value was changed, belongs elsewhere, or its key is gone."""


class KeyFileError(PorchlightError):
    """The key file is missing, unreadable, or open to others."""


class BackupBroken(PorchlightError):
    """The backup is no backup, is for another key, or is not as it was written; the message says which."""
