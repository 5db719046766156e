"""How much lies under which key, and what is sealed anew after a rotation: read from the values themselves (P9)."""

import base64
from collections import Counter
from collections.abc import Callable

from hotline.audit import parse_line
from storage.audit import AUDIT
from storage.connection import Store
from storage.data_map import DATA_MAP
from storage.stored import Stored
from storage.walking import find_names, in_chunks
from vault.errors import SealBroken
from vault.keyring import Keyring, key_id_of
from vault.purposes import Purpose

type Use = Counter[tuple[str, str]]
"""Key id and what lies under it, to how many. An opt-out or code word that does not say its key has an empty id."""

# Only if it is still what was read: somebody may have changed it meanwhile.
_REPLACE = """
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
"""

WRAPPED = tuple(row for row in DATA_MAP if row.sealed_to == "the server key")
"""What the server key seals: all of it keys that live hours to days, in the memory-only instance."""

_HASHED = tuple(row for row in DATA_MAP if row.pattern in {"opted-out:*", "code-word:*"})
_CONTACTS = tuple(row for row in DATA_MAP if row.pattern in {"contacts:*", "account:*"})
_PROOFS = tuple(row for row in DATA_MAP if row.pattern == "contact-proof:*")


async def count_server_use(keys: Store) -> Use:
    """What lies under each server key. Raises StoreError."""
    return await _count_strings(keys, "keys", WRAPPED, key_id_of)


async def count_address_use(store: Store) -> Use:
    """How many opt-outs and code words each address key made. Raises StoreError.

    What else is hashed is gone or not needed any more after 48 hours.
    """

    def name_of(value: bytes) -> str:
        text = value.decode("ascii", "replace")
        return text if len(text) == 8 else ""

    return await _count_strings(store, "store", _HASHED, name_of)


async def count_staff_use(store: Store) -> Use:
    """What lies under each staff key: fields, proofs, and the entries of the audit that it binds. Raises StoreError."""
    use = await _count_strings(store, "store", _PROOFS, key_id_of)
    for _, field, value in await _read_sealed_fields(store):
        use[key_id_of(_split(field, value)[1]), "staff field"] += 1
    start = 0
    while lines := await store.call("LRANGE", AUDIT, start, start + 999):
        for line in lines:
            use[parse_line(line).mac[:8], "audit entry"] += 1
        start += len(lines)
    return use


async def reseal_staff_fields(store: Store, keyring: Keyring) -> int:
    """Seals every field of staff that lies under an older key under the newest, and says how many. Raises StoreError.

    What does not open (its key is lost) stays as it is.
    """
    replace, done = store.script(_REPLACE), 0
    newest = keyring.ids[0]
    for key, field, value in await _read_sealed_fields(store):
        head, sealed = _split(field, value)
        if key_id_of(sealed) == newest:
            continue
        context = _context_of(key, field, head)
        try:
            plain = keyring.open(Purpose.STAFF, sealed, context)
        except SealBroken:
            continue
        anew = keyring.seal(Purpose.STAFF, plain, context)
        text = base64.b64encode(anew) if field == "totp" else head + anew
        done += int(await replace.run([key], [field, value, text]))
    return done


async def _read_sealed_fields(store: Store) -> list[tuple[str, str, bytes]]:
    """Key, field and value of everything that the staff key seals and that stays."""
    names = await find_names(store, "store", _CONTACTS)
    found = []
    for key in names["contacts:*"]:
        for field, value in (await store.call("HGETALL", key)).items():
            found.append((key, field.decode(), value))
    for key in names["account:*"]:
        if totp := await store.call("HGET", key, "totp"):
            found.append((key, "totp", totp))
    return found


def _split(field: str, value: bytes) -> tuple[bytes, bytes]:
    """What stands in the open, and what is sealed: a way begins with its kind, proved and time, each with a bar."""
    if field == "totp":
        return b"", base64.b64decode(value)
    *head, sealed = value.split(b"|", 3)
    return b"|".join([*head, b""]), sealed


def _context_of(key: str, field: str, head: bytes) -> str:
    name = key.partition(":")[2]
    return f"totp|{name}" if field == "totp" else f"{name}|{head.split(b'|')[0].decode()}|{field}"


async def _count_strings(store: Store, instance: str, rows: tuple[Stored, ...], id_of: Callable[[bytes], str]) -> Use:
    use: Use = Counter()
    for pattern, names in (await find_names(store, instance, rows)).items():
        for chunk in in_chunks(names):
            for value in await store.call("MGET", *chunk):
                if value is not None:
                    use[id_of(value), pattern.rstrip(":*")] += 1
    return use
