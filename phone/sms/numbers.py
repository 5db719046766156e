"""The hotline's own number as Twilio keeps it: where its webhooks go (IncomingPhoneNumbers)."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

CONNECTION_OVERRIDES = "#rc=5&rp=all"
UNUSED = (
    "address_sid",
    "bundle_sid",
    "emergency_address_sid",
    "identity_sid",
    "trunk_sid",
    "sms_application_sid",
    "voice_application_sid",
    "voice_url",
    "voice_fallback_url",
)


@dataclass(slots=True)
class HotlineNumber:
    """One number of the account; ``sms_url`` may carry connection overrides in its fragment."""

    account_sid: str
    number: str = field(repr=False)
    sms_url: str
    sms_fallback_url: str = ""
    status_callback: str = ""
    friendly_name: str = "practice"
    updated_at: float = field(default_factory=time.time)

    @property
    def sid(self) -> str:
        """A lasting id made from the number."""
        return "PN" + hashlib.sha256(self.number.encode()).hexdigest()[:32]

    def update(self, fields: Mapping[str, str]) -> None:
        """Takes over what a client sets; fields that a practice number has no use for are ignored."""
        self.sms_url = fields.get("SmsUrl", self.sms_url)
        self.sms_fallback_url = fields.get("SmsFallbackUrl", self.sms_fallback_url)
        self.status_callback = fields.get("StatusCallback", self.status_callback)
        self.friendly_name = fields.get("FriendlyName", self.friendly_name)
        self.updated_at = time.time()

    def as_json(self) -> dict[str, Any]:
        """The resource in the shape of Twilio's specification (api.v2010.account.incoming_phone_number)."""
        return dict.fromkeys(UNUSED) | {
            "account_sid": self.account_sid,
            "address_requirements": "none",
            "api_version": "2010-04-01",
            "beta": False,
            "capabilities": {"voice": False, "sms": True, "mms": True, "fax": False},
            "date_created": format_datetime(datetime.fromtimestamp(self.updated_at, UTC)),
            "date_updated": format_datetime(datetime.fromtimestamp(self.updated_at, UTC)),
            "emergency_status": "Inactive",
            "emergency_address_status": "unregistered",
            "friendly_name": self.friendly_name,
            "origin": "twilio",
            "phone_number": self.number,
            "sid": self.sid,
            "sms_fallback_method": "POST",
            "sms_fallback_url": self.sms_fallback_url,
            "sms_method": "POST",
            "sms_url": self.sms_url,
            "status": "in-use",
            "status_callback": self.status_callback,
            "status_callback_method": "POST",
            "type": "local",
            "uri": f"/2010-04-01/Accounts/{self.account_sid}/IncomingPhoneNumbers/{self.sid}.json",
            "voice_caller_id_lookup": False,
            "voice_fallback_method": "POST",
            "voice_method": "POST",
            "voice_receive_mode": "voice",
        }
