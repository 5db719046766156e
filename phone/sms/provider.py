"""Twilio and the carrier as one thing: takes texts from handsets to the hotline and messages from it to handsets."""

import asyncio
import secrets
import time
from typing import Any

from phone.deliveries import NO_ANSWER, Delivery, parse_webhook
from phone.errors import PracticeError
from phone.faults import Fault
from phone.parts import count_parts
from phone.sms.inbound import CONTENT_TYPES, build_fields, build_media
from phone.sms.messages import Message, Messages
from phone.sms.numbers import CONNECTION_OVERRIDES, HotlineNumber
from phone.sms.opt_outs import NOTES, OptOuts, find_opt_out_type
from phone.sms.signing import Fields, Signer
from phone.world import World

CHANNEL = "sms"


class SmsProvider:
    """One account with one number and one Messaging Service."""

    def __init__(self, world: World) -> None:
        settings = world.settings
        self.world = world
        self.messages = Messages()
        self.opt_outs = OptOuts()
        self.number = HotlineNumber(
            settings.account_sid,
            settings.hotline_number,
            f"{settings.public_url}/webhooks/sms{CONNECTION_OVERRIDES}",
        )
        self._signer = Signer(settings.auth_token)

    async def write(
        self, sender: str, text: str, kind: str, sid: str | None, *, by_service: bool
    ) -> tuple[str, Delivery]:
        """A text leaves the handset: the carrier acts on its own words, then the webhook is posted until taken."""
        if kind != "text" and kind not in CONTENT_TYPES:
            raise PracticeError("SMS has no messages of this kind")
        opt_out_type = find_opt_out_type(text) if kind == "text" else None
        message = self._receive(sender, text, kind, sid, opt_out_type)
        fields = build_fields(
            account_sid=message.account_sid,
            sid=message.sid,
            sender=sender,
            hotline_number=self.number.number,
            text=text,
            parts=message.parts,
            media=message.media,
            service_sid=self.world.settings.service_sid if by_service else None,
            opt_out_type=opt_out_type,
        )
        delivery = await self._post_inbound(fields)
        outcome = "taken" if delivery.taken else str(delivery.status)
        self.world.receipts.add(CHANNEL, "text", outcome, sender, message.sid, text)
        self.world.handsets.change(CHANNEL, sender, message.sid, status=outcome)
        return message.sid, delivery

    async def _post_inbound(self, fields: Fields) -> Delivery:
        if self.world.take_fault(CHANNEL, "webhook", str(fields["From"])):
            return Delivery(NO_ANSWER, 0, time.monotonic(), time.monotonic())
        delivery = await self.post(self.number.sms_url, fields)
        if delivery.taken or not self.number.sms_fallback_url:
            return delivery
        failure = {"ErrorCode": "11200", "ErrorUrl": self.number.sms_url.partition("#")[0]}
        return await self.post(self.number.sms_fallback_url, {**fields, **failure})

    def _receive(self, sender: str, text: str, kind: str, sid: str | None, opt_out_type: str | None) -> Message:
        """The provider's own copy and the handset's bubble; a duplicate of a kept message changes neither."""
        if sid is not None and (kept := self.messages.find(sid)) is not None:
            return kept
        media = build_media(kind)
        sid = sid or ("MM" if media else "SM") + secrets.token_hex(16)
        account, number = self.world.settings.account_sid, self.number.number
        parts = count_parts(text).count
        message = Message(sid, account, sender, number, text, "inbound", "received", parts, media=media)
        self.messages.add(message)
        handset = self.world.handsets.open(CHANNEL, sender)
        self.world.handsets.show(handset, "texter", text, sid, kind=kind)
        self.opt_outs.apply(sender, opt_out_type)
        if opt_out_type in NOTES:
            self.world.handsets.show(handset, "carrier", NOTES[opt_out_type], f"carrier-{sid}")
        return message

    async def post(self, url: str, fields: Fields) -> Delivery:
        """Posts signed fields to one of the hotline's URLs, trying again as the URL's fragment says."""
        return await self.world.deliveries.deliver(parse_webhook(url), self._signer.sign(url, fields))

    def accept(self, message: Message, fault: Fault | None) -> None:
        """A message of the hotline's: onto the handset (unless it cannot be reached), then on with its life."""
        self.messages.add(message)
        self.world.receipts.add(
            CHANNEL, "send", fault.kind if fault else "accepted", message.recipient, message.sid, message.body
        )
        unreachable = fault is not None and fault.kind == "30003"
        if not unreachable:
            parts = count_parts(message.body)
            handset = self.world.handsets.open(CHANNEL, message.recipient)
            details = {"parts": parts.count, "encoding": parts.encoding, "units": parts.units}
            self.world.handsets.show(handset, "hotline", message.body, message.sid, **details)
        late_seconds = fault.seconds if fault and fault.kind == "late_status" else 0.0
        self.world.start(self._live(message, unreachable=unreachable, late_seconds=late_seconds))

    async def _live(self, message: Message, *, unreachable: bool, late_seconds: float) -> None:
        for status in ("sent", "undelivered" if unreachable else "delivered"):
            await asyncio.sleep(self.world.settings.status_seconds)
            message.move(status, 30003 if status == "undelivered" else None)
            self.world.handsets.change(CHANNEL, message.recipient, message.sid, status=status)
            await asyncio.sleep(late_seconds)
            if message.status_callback:
                delivery = await self.post(message.status_callback, self._status_fields(message, status))
                outcome = "taken" if delivery.taken else str(delivery.status)
                self.world.receipts.add(CHANNEL, "status", outcome, message.recipient, message.sid)

    def _status_fields(self, message: Message, status: str) -> dict[str, str]:
        fields = {"SmsSid": message.sid, "SmsStatus": status, "MessageStatus": status, "To": message.recipient}
        fields |= {"MessageSid": message.sid, "AccountSid": message.account_sid, "From": message.sender}
        if message.service_sid:
            fields["MessagingServiceSid"] = message.service_sid
        if status == "undelivered":
            fields["ErrorCode"] = "30003"
        return fields | {"ApiVersion": "2010-04-01"}

    def erase(self, message: Message, *, whole: bool) -> None:
        """The provider's copy goes: the whole resource, or its words."""
        if whole:
            self.messages.remove(message.sid)
        else:
            message.body = ""
        call, copy = ("delete", "deleted") if whole else ("redact", "redacted")
        self.world.receipts.add(CHANNEL, call, "accepted", message.texter, message.sid)
        self.world.handsets.change(CHANNEL, message.texter, message.sid, provider_copy=copy)

    def list_copies(self, address: str) -> list[dict[str, Any]]:
        """Every record of this number, newest first: what it still says, and how many pictures hang on it."""
        records = [*self.messages.find_by(address, ""), *self.messages.find_by("", address)]
        return [
            {
                "external_id": record.sid,
                "side": "texter" if record.direction == "inbound" else "hotline",
                "text": record.shown_body,
                "media": len(record.media),
                "status": record.status,
            }
            for record in records
        ]

    def delete_copies(self, address: str) -> None:
        """Somebody deletes every record of this number in Twilio's console."""
        for record in self.list_copies(address):
            self.messages.remove(record["external_id"])

    def reset(self) -> None:
        """Forgets messages and opt-outs; the number keeps its webhooks."""
        self.messages.clear()
        self.opt_outs.clear()
