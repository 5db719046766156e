"""Which reviewed lines an advocate has at hand, by group (A2)."""

from collections.abc import Collection, Mapping
from typing import Any

from hotline.records import get_document

DOCUMENT = "quick_replies"
GROUPS = ("listening", "safety", "practical", "closing")


def build_quick_groups(documents: Mapping[str, Any], keys: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Reply keys by group, in the order of ``quick_replies.yml``. ``keys`` are all replies that there are.

    Raises ContentError for a group that is none or missing, a key without a reply, or a key that stands twice.
    """
    document = get_document(documents, DOCUMENT)
    document.allow(("review", "groups"))
    groups = document.record("groups")
    if set(groups.data) != set(GROUPS):
        raise document.refuse("groups", f"exactly {', '.join(GROUPS)}")
    found = {group: groups.texts(group) for group in GROUPS}
    listed = [key for group in found.values() for key in group]
    if len(set(listed)) != len(listed) or not set(listed) <= set(keys):
        raise document.refuse("groups", "of replies that exist, each once")
    return found
