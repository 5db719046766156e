"""Errors of the core; each says what went wrong without carrying a texter's words."""


class PorchlightError(Exception):
    """Root of every error that Porchlight raises on purpose."""


class ContentError(PorchlightError):
    """Words or rules on disk are missing or malformed; raised at start-up, never in a conversation."""


class DialogueError(PorchlightError):
    """The dialogue engine was slow, down, or answered with nothing that can be sent."""


class UnknownReply(ContentError):
    """A reply key has no line in the content."""
