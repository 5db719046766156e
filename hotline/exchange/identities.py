"""Ids of HSDS for records of ours, which have none on disk: made from where a record stands, so they never change."""

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

_OURS = uuid.UUID("6c1e3a52-6f0e-5f0c-9a2b-3d0f5f1d7b10")


def make_id(path: str) -> str:
    """The UUID of a record by its path, such as ``service/nphy_drop_in/phones/0``; the same for ever."""
    return str(uuid.uuid5(_OURS, path))


def service_id(service: Mapping[str, Any]) -> str:
    """The id under which a place of ours is exchanged: the one that it came with, or one made from its key."""
    kept = service["porchlight"].get("hsds") or {}
    return str(kept.get("id") or make_id(f"service/{service['key']}"))


def name_origin(identifier: str) -> str:
    """What is kept of a record's id where the record may not be kept: 16 hex digits, out of which nobody reads it."""
    return hashlib.sha256(f"came as {identifier}".encode()).hexdigest()[:16]


def forget_record(service: Mapping[str, Any]) -> dict[str, Any]:
    """The place without the record that it came with. It is still known when that record comes again (D4)."""
    ours = dict(service.get("porchlight") or {})
    kept = ours.pop("hsds", None)
    identifier = kept.get("id") if isinstance(kept, Mapping) else None
    if isinstance(identifier, str) and identifier != make_id(f"service/{service.get('key')}"):
        ours["came_as"] = name_origin(identifier)
    return {**service, "porchlight": ours}


def organization_id(document: str) -> str:
    """The id of the organization that a content file holds, by the file's name (``directory/nevada/nphy``)."""
    return make_id(f"organization/{document}")


def need_id(need: str) -> str:
    """The id of one of our categories as a taxonomy term."""
    return make_id(f"need/{need}")


TAXONOMY_ID = make_id("taxonomy/needs")
