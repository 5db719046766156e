"""What doctor sees of store and keys instance: they answer, keep or forget as they must, have room, confine users."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path

from app.settings import Settings
from app.store_acl import KEYS_RIGHTS, STORE_RIGHTS, Right, acl_page
from hotline.findings import Finding, look, well, wrong
from storage.connection import Store, StoreError
from storage.examination import InstanceState, is_confined, read_state

_PATIENCE_SECONDS = 5.0
_FULL = 0.8
_OLDEST = (6, 2)
_ACL_FILES: Mapping[str, Mapping[str, tuple[Right, ...]]] = {"store.acl": STORE_RIGHTS, "keys.acl": KEYS_RIGHTS}


async def check_stores(settings: Settings) -> list[Finding]:
    """Findings of both instances, asked as the operator. Raises nothing."""
    found: list[Finding] = []
    for name, secret in (("store", settings.redis_url), ("keys", settings.keys_url)):
        store = Store(secret.reveal())
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                state, confined = await read_state(store), await is_confined(store)
            found += judge_instance(name, state, confined=confined)
        except (StoreError, OSError, TimeoutError) as error:
            why = (
                "texts wait in the spool, and nobody is answered"
                if name == "store"
                else "no conversation can be opened"
            )
            found.append(wrong(name, f"it does not answer ({type(error).__name__})", why, f"start porchlight-{name}"))
        finally:
            await store.aclose()
    return found


def judge_instance(name: str, state: InstanceState, *, confined: bool) -> list[Finding]:
    """What one instance's own figures mean."""
    found = [*_judge_keeping(name, state), *_judge_room(name, state)]
    if state.version < _OLDEST:
        version = ".".join(map(str, state.version))
        found.append(wrong(name, f"the server is {version}", "commands of 6.2 are needed", "install a newer one"))
    if not confined:
        why = "whoever takes over one program may read and change everything"
        remedy = "give each program the user of app/store_acl.py: python -m app.store_command init"
        found.append(wrong(name, "its user may do everything", why, remedy))
    return found or [well(name, "answers, keeps what it must, has room, confines its user")]


def _judge_keeping(name: str, state: InstanceState) -> list[Finding]:
    on = state.fields.get("aof_enabled") == "1"
    if name == "keys":
        if on or state.number("rdb_saves"):
            why = "keys that were shredded can be read from its disk"
            return [wrong(name, "it writes to disk", why, "start it without appendonly and without save lines")]
        return []
    if not on:
        why = "texts that were answered 200 are lost when it stops"
        return [wrong(name, "it keeps no append-only file", why, "start it with appendonly yes, appendfsync always")]
    if state.fields.get("aof_last_write_status", "ok") != "ok":
        return [wrong(name, "its last write to disk failed", "new texts are refused", "make room on its disk")]
    return []


def _judge_room(name: str, state: InstanceState) -> list[Finding]:
    most, used = state.number("maxmemory"), state.number("used_memory")
    found = []
    if most and used > _FULL * most:
        remedy = "raise maxmemory, or see why conversations do not end"
        found.append(wrong(name, f"{used * 100 // most} % of its memory is used", "a full store refuses texts", remedy))
    if state.fields.get("maxmemory_policy", "noeviction") != "noeviction":
        why = "conversations, keys and STOP marks vanish"
        found.append(wrong(name, "it throws keys away when it is full", why, "set maxmemory-policy noeviction"))
    return found


def check_access_lists(credentials: Path) -> list[Finding]:
    """The access lists on disk against those of this version: an upgrade may need rights that an old list lacks."""
    found = []
    for file, rights in _ACL_FILES.items():
        try:
            text = (credentials / file).read_text("utf-8")
        except FileNotFoundError:
            continue
        except OSError as error:
            found.append(look("access", f"{file} cannot be read ({error.strerror})", "it may be old", "run as root"))
            continue
        if _without_passwords(text) != _without_passwords(acl_page(rights, dict.fromkeys(rights, ""))):
            why = "a program may be refused what it needs, or may do what it must not"
            remedy = "run python -m app.store_command init as in docs/deployment.md, then restart everything"
            found.append(wrong("access", f"{file} is of another version", why, remedy))
        else:
            found.append(well("access", f"{file} is this version's"))
    return found


def _without_passwords(page: str) -> str:
    return re.sub(r"#[0-9a-f]{64}", "#", page)
