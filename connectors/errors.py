"""Errors of channels; they say what to do, and never carry a text or an address."""

from hotline.errors import PorchlightError


class PayloadError(PorchlightError):
    """A verified request holds something that this channel cannot read."""


class SendError(PorchlightError):
    """The provider did not take a message.

    ``code`` is the provider's own; ``retryable`` with the earliest delay in seconds; ``alert`` if staff must look;
    ``opted_out`` if the texter has stopped or blocked us (Twilio 21610, Telegram 403).
    """

    def __init__(
        self,
        code: str,
        *,
        retryable: bool,
        alert: bool = False,
        opted_out: bool = False,
        retry_after_seconds: float = 0.0,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.retryable = retryable
        self.alert = alert
        self.opted_out = opted_out
        self.retry_after_seconds = retry_after_seconds
