"""One text as its provider posts it: Twilio's signed form, or Telegram's update with the secret of its webhook."""

import itertools
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from benchmarks.signing import Signer, build_text

SMS, TELEGRAM = "sms", "telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"

type Post = tuple[Mapping[str, str], bytes]
"""Headers and body of one webhook."""

_COUNT = itertools.count(int(time.time() * 10) % 5_000_000)
"""Of all texters of this process, so that no two sides ever share one."""


class Wire(Protocol):
    """How texts of one channel are written."""

    def new_address(self) -> str:
        """An address that nobody has."""

    def write(self, address: str, text: str) -> Post:
        """The webhook that brings a text."""


@dataclass(slots=True)
class SmsWire:
    """Twilio's. Without a token nothing is signed."""

    signed_url: str
    account_sid: str
    number: str
    auth_token: str = field(repr=False)
    _signer: Signer = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._signer = Signer(self.auth_token)

    def new_address(self) -> str:
        """A number in an area code that is given to nobody."""
        return f"+1999{2_000_000 + next(_COUNT) % 7_999_999:07d}"

    def write(self, address: str, text: str) -> Post:
        """A form with every field that Twilio sends."""
        return self._signer.sign(self.signed_url, build_text(self.account_sid, address, self.number, text))


@dataclass(slots=True)
class TelegramWire:
    """Telegram's: one update, one message, in a private chat."""

    webhook_secret: str = field(repr=False)

    def new_address(self) -> str:
        """A chat's number."""
        return str(5_000_000_000 + next(_COUNT))

    def write(self, address: str, text: str) -> Post:
        """An update as the Bot API posts it."""
        number, chat = next(_COUNT), int(address)
        person = {"id": chat, "is_bot": False, "first_name": "Sam", "language_code": "en"}
        message = {
            "message_id": number,
            "from": person,
            "chat": {"id": chat, "type": "private", "first_name": "Sam"},
            "date": int(time.time()),
            "text": text,
        }
        headers = {"Content-Type": "application/json", SECRET_HEADER: self.webhook_secret}
        return headers, json.dumps({"update_id": number, "message": message}).encode()
