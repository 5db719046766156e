"""A stack of stores alone and its operator, for the tests of the operator's commands."""

import secrets
from collections.abc import Sequence

from app.settings import Settings, load_settings
from app.stack import Stack
from hotline.messages import SMS, Address, AddressHash
from storage.connection import Store
from vault.key_files import load_address_keys


def operator_settings(stack: Stack, **more: str) -> Settings:
    """The settings that the operator's commands get."""
    return load_settings({**stack.env("operator"), **more}, "operator")


async def put_conversations(store: Store, keys: Store, stack: Stack, count: int) -> list[str]:
    """Invented conversations with all that belongs to one, as many at a time as is fast; their ids."""
    address_keys = load_address_keys(stack.settings.address_key_file)
    ids = []
    for start in range(0, count, 500):
        commands: list[Sequence[str | bytes | int]] = []
        memory: list[Sequence[str | bytes | int]] = []
        for number in range(start, min(start + 500, count)):
            identifier = secrets.token_hex(12)
            lane = address_keys.hash_address(SMS, Address(f"+1775{number:07d}"))
            ids.append(identifier)
            commands += _of_one(identifier, lane, number)
            memory += [
                ("SET", f"content-key:{identifier}", secrets.token_bytes(65)),
                ("HSET", f"epoch:{identifier}", "id", "0" * 16, "public", b"p" * 32, "roster", "r"),
                ("HSET", f"wraps:{identifier}", "0000000000000000|rowan", secrets.token_bytes(88)),
            ]
        await store.call_all(commands)
        await keys.call_all(memory)
    return ids


def _of_one(identifier: str, lane: AddressHash, number: int) -> list[Sequence[str | bytes | int]]:
    partition = number % 16
    return [
        (
            "HSET",
            f"conversation:{identifier}",
            "id",
            identifier,
            "address_hash",
            lane,
            "session",
            secrets.token_bytes(300),
        ),
        ("SET", f"address:{lane}", identifier),
        ("RPUSH", f"window:{identifier}", *(secrets.token_bytes(180) for _ in range(6))),
        ("HSET", f"status:{identifier}", secrets.token_hex(6), "sent"),
        ("SET", f"seen:{secrets.token_hex(16)}", "1", "EX", 48 * 3600 - 60),
        ("SET", f"sent:{secrets.token_hex(16)}", f"{identifier}:1", "EX", 48 * 3600),
        ("SADD", "open", identifier),
        ("ZADD", f"deadlines:{partition}", 10, f"idle|{lane}|{identifier}"),
        ("XADD", f"inbox:{partition}", "*", "a", lane, "k", "message", "m", secrets.token_bytes(200)),
        ("SET", f"opted-out:{secrets.token_hex(16)}", "1"),
    ]
