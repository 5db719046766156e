"""Passkeys, the codes of an app, and what is asked of a browser once (A6)."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from storage.reader_keys import ReaderKeys
from vault.purposes import Purpose

CHALLENGE_SECONDS = 5 * 60
CODE_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Passkey:
    """One registered passkey; ``id`` is base64url, ``public`` COSE bytes, ``count`` the sign counter last seen."""

    id: str
    name: str
    public: bytes = field(repr=False)
    count: int
    label: str
    created_at: str


class Passkeys(ReaderKeys):
    """Keeps second steps and short-lived challenges."""

    async def add_passkey(self, passkey: Passkey) -> bool:
        """Registers it; False if this passkey is known already."""
        if not await self._store.call("HSETNX", f"passkey:{passkey.id}", "name", passkey.name):
            return False
        await self._store.call_all([
            ("HSET", f"passkey:{passkey.id}", "public", passkey.public.hex(), "count", passkey.count,
             "label", passkey.label, "created", passkey.created_at),
            ("SADD", f"passkeys:{passkey.name}", passkey.id),
        ])  # fmt: skip
        return True

    async def find_passkey(self, passkey_id: str) -> Passkey | None:
        """The passkey of an id."""
        row = await self._store.call("HGETALL", f"passkey:{passkey_id}")
        if b"public" not in row:
            return None
        text = {key.decode(): value.decode() for key, value in row.items()}
        public = bytes.fromhex(text["public"])
        return Passkey(passkey_id, text["name"], public, int(text["count"]), text["label"], text["created"])

    async def list_passkeys(self, name: str) -> Sequence[Passkey]:
        """This person's passkeys, oldest first."""
        members = await self._store.call("SMEMBERS", f"passkeys:{name}")
        found = [await self.find_passkey(member.decode()) for member in members]
        return sorted((passkey for passkey in found if passkey), key=lambda passkey: passkey.created_at)

    async def set_passkey_count(self, passkey_id: str, count: int) -> None:
        """The counter after a login."""
        await self._store.call("HSET", f"passkey:{passkey_id}", "count", count)

    async def remove_passkey(self, name: str, passkey_id: str) -> None:
        """Forgets one of this person's passkeys, and its lock on the key."""
        if await self._store.call("SREM", f"passkeys:{name}", passkey_id):
            await self._store.call("DEL", f"passkey:{passkey_id}")
            await self._store.call("HDEL", f"locks:{name}", passkey_id)

    async def set_totp(self, name: str, secret: str) -> None:
        """Seals the app's secret under the staff key."""
        sealed = self._keyring.seal(Purpose.STAFF, secret.encode(), f"totp|{name}")
        await self._set(name, totp=base64.b64encode(sealed).decode())

    async def find_totp(self, name: str) -> str | None:
        """The app's secret. Raises SealBroken if the field was changed."""
        sealed = await self._store.call("HGET", f"account:{name}", "totp")
        if not sealed:
            return None
        return self._keyring.open(Purpose.STAFF, base64.b64decode(sealed), f"totp|{name}").decode()

    async def remove_totp(self, name: str) -> None:
        """Forgets the app's secret."""
        await self._store.call("HDEL", f"account:{name}", "totp")

    async def claim_code(self, name: str, step: int) -> bool:
        """True for the first to use this person's code of a time step: a code that was read over a shoulder is worn."""
        key = f"used-code:{name}:{step}"
        return bool(await self._store.call("SET", key, "1", "NX", "EX", CODE_SECONDS))

    async def put_challenge(self, asker: str, purpose: str, value: str) -> None:
        """Remembers in memory alone what was asked of a browser (``asker``: its visitor or login id)."""
        await self._keys.call("SET", _challenge_key(asker, purpose), value, "EX", CHALLENGE_SECONDS)

    async def take_challenge(self, asker: str, purpose: str) -> str | None:
        """What was asked, once."""
        value = await self._keys.call("GETDEL", _challenge_key(asker, purpose))
        return value.decode() if value else None

    def fake_salt(self, name: str) -> str:
        """A salt (hex) for a name that has no password: always the same, so that nobody learns who is here."""
        return self._keyring.digest(Purpose.STAFF_SALT, name.encode())[:16].hex()


def _challenge_key(asker: str, purpose: str) -> str:
    return "challenge:" + hashlib.sha256(f"{purpose}|{asker}".encode()).hexdigest()
