"""Telegram's side of every chat: posts updates in order per chat, keeps messages, deletes them by its own rules."""

import json
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from phone.deliveries import Delivery, Post, Webhook
from phone.errors import PracticeError
from phone.faults import Fault
from phone.handsets import Handset
from phone.telegram import refusals
from phone.telegram.updates import KINDS, build_membership, build_message, build_update
from phone.world import World

CHANNEL = "telegram"
DELETABLE_SECONDS = 48 * 3600
REMEMBERED_UPDATES = 10_000


@dataclass(slots=True)
class BotWebhook:
    """Where updates go, as setWebhook left it."""

    url: str
    secret_token: str = field(repr=False)
    allowed_updates: list[str] | None = None
    pending: int = 0
    last_error_at: int | None = None
    last_error: str = ""


class TelegramProvider:
    """One bot and its private chats."""

    def __init__(self, world: World) -> None:
        settings = world.settings
        self.world = world
        self.webhook = BotWebhook(f"{settings.public_url}/webhooks/telegram", settings.webhook_secret)
        bot_id = settings.bot_token.partition(":")[0]
        self.bot = {
            "id": int(bot_id) if bot_id.isdigit() else 1,
            "is_bot": True,
            "first_name": settings.hotline_name,
            "username": "practice_line_bot",
        }
        self._update_id = 100_000_000 + secrets.randbelow(900_000_000)
        self._message_id = 1_000 + secrets.randbelow(900_000_000)
        self._updates: OrderedDict[tuple[str, str, str], dict[str, Any]] = OrderedDict()

    def next_update_id(self) -> int:
        """Increasing; begins at random, so that a restarted phone does not repeat itself."""
        self._update_id += 1
        return self._update_id

    def next_message_id(self) -> int:
        """Increasing over all private chats, as in Telegram."""
        self._message_id += 1
        return self._message_id

    async def write(self, address: str, text: str, kind: str, external_id: str | None) -> tuple[str, Delivery]:
        """A message leaves the handset and is posted until it is taken; the same id again is the same update."""
        if kind not in KINDS:
            raise PracticeError("Telegram has no messages of this kind")
        chat_id = parse_chat_id(address)
        handset = self.world.handsets.open(CHANNEL, address)
        if kind in {"blocked", "unblocked"}:
            handset.blocked = kind == "blocked"
            update_id = self.next_update_id()
            now = int(time.time())
            update = build_membership(update_id, chat_id, self.bot, now, blocked=handset.blocked)
            return str(update_id), await self.post(update, handset)
        message_id, update = self._receive(handset, chat_id, text, kind, external_id)
        delivery = await self.post(update, handset)
        outcome = "taken" if delivery.taken else str(delivery.status)
        self.world.receipts.add(CHANNEL, "text", outcome, address, message_id, text)
        self.world.handsets.change(CHANNEL, address, message_id, status=outcome)
        return message_id, delivery

    def _receive(
        self, handset: Handset, chat_id: int, text: str, kind: str, external_id: str | None
    ) -> tuple[str, dict[str, Any]]:
        if external_id is not None and not external_id.isdigit():
            raise PracticeError("on Telegram external_id is a message_id: a whole number")
        message_id = external_id or str(self.next_message_id())
        key = (handset.address, message_id, "edited" if kind == "edited" else "message")
        if (known := self._updates.get(key)) is not None:
            return message_id, known
        message = build_message(chat_id, int(message_id), text, kind, int(time.time()))
        update = self._updates[key] = build_update(self.next_update_id(), kind, message)
        while len(self._updates) > REMEMBERED_UPDATES:
            self._updates.popitem(last=False)
        self.world.handsets.show(handset, "texter", text, message_id, kind=kind)
        return message_id, update

    async def post(self, update: dict[str, Any], handset: Handset | None = None, *, tries: int = 5) -> Delivery:
        """Posts one update with the secret header; updates of one chat wait for each other."""
        if handset is None:
            return await self._post(update, tries)
        async with handset.delivering:
            return await self._post(update, tries)

    async def _post(self, update: dict[str, Any], tries: int) -> Delivery:
        webhook = self.webhook
        kind = next((name for name in update if name != "update_id"), "")
        if not webhook.url or (webhook.allowed_updates and kind not in webhook.allowed_updates):
            now = time.monotonic()
            return Delivery(0, 0, now, now)
        headers = {"Content-Type": "application/json"}
        if webhook.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret_token
        webhook.pending += 1
        try:
            body = json.dumps(update, ensure_ascii=False).encode()
            delivery = await self.world.deliveries.deliver(Webhook(webhook.url, tries - 1), Post(headers, body))
        finally:
            webhook.pending -= 1
        if not delivery.taken:
            webhook.last_error_at = int(time.time())
            webhook.last_error = f"Wrong response from the webhook: {delivery.status}"
        return delivery

    def accept(self, handset: Handset, text: str, buttons: list[list[str]], fault: Fault | None) -> dict[str, Any]:
        """A message of the bot's onto the handset; the Message that answers the call."""
        message_id = self.next_message_id()
        outcome = fault.kind if fault else "accepted"
        self.world.receipts.add(CHANNEL, "send", outcome, handset.address, str(message_id), text)
        details = {"buttons": buttons} if buttons else {}
        bubble = self.world.handsets.show(handset, "hotline", text, str(message_id), **details)
        self.world.handsets.change(CHANNEL, handset.address, str(message_id), status="delivered")
        chat = {"id": parse_chat_id(handset.address), "type": "private", "first_name": "Sam"}
        return {"message_id": message_id, "from": self.bot, "chat": chat, "date": int(bubble.at), "text": text}

    def find_deletion_mistake(self, handset: Handset, ids: list[int], *, must_exist: bool) -> tuple[int, str] | None:
        """Why these messages cannot be deleted, None if they can (Bot API, deleteMessage: less than 48 hours old)."""
        for message_id in ids:
            bubble = handset.find(str(message_id))
            if must_exist and (bubble is None or bubble.deleted):
                return refusals.NOTHING_TO_DELETE
            if bubble is not None and handset.now() - bubble.at >= DELETABLE_SECONDS:
                return refusals.CANNOT_DELETE
        return None

    def delete(self, handset: Handset, ids: list[int]) -> None:
        """Takes messages off the handset and out of the provider; unknown ones are skipped."""
        for message_id in ids:
            bubble = handset.find(str(message_id))
            if bubble is not None and not bubble.deleted:
                self.world.handsets.change(
                    CHANNEL, handset.address, str(message_id), text="", deleted=True, provider_copy="deleted"
                )
                self.world.receipts.add(CHANNEL, "delete", "accepted", handset.address, str(message_id))

    def list_copies(self, address: str) -> list[dict[str, Any]]:
        """Every message of both sides that is still in the chat; Telegram's servers hold what the handset shows."""
        bubbles = self.world.handsets.open(CHANNEL, address).list_after(0, "all")
        names = ("external_id", "side", "text")
        return [{name: bubble[name] for name in names} for bubble in bubbles if not bubble["deleted"]]

    def delete_copies(self, address: str) -> None:
        """The person deletes the whole chat by hand, for both sides."""
        held = [int(copy["external_id"]) for copy in self.list_copies(address)]
        self.delete(self.world.handsets.open(CHANNEL, address), held)

    def reset(self) -> None:
        """Forgets which updates were sent; ids go on."""
        self._updates.clear()


def parse_chat_id(address: str) -> int:
    """A private chat's id. Raises PracticeError."""
    if not address.isdigit() or not 0 < int(address) < 2**52:
        raise PracticeError("on Telegram an address is a chat id: a whole number above 0")
    return int(address)
