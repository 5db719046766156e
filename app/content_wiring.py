"""Builds the desk at which content is changed, and what commands make of the content that is served."""

import sys
from collections.abc import Callable, Collection, Mapping
from typing import Any

from app.content_gate import ContentGate, Identity
from app.settings import Settings
from app.version import find_version
from app.world import SystemClock
from storage.accounts import StoreAccounts
from storage.connection import Store
from storage.content_desk import ContentDesk
from storage.content_files import CONTENT_FOLDER
from storage.content_following import LiveContent
from storage.content_sets import ContentSets
from storage.content_texts import load_texts

_MAY_APPROVE = frozenset({"admin", "supervisor"})
"""Roles whose accounts may approve content, wherever they do it."""


async def build_from_live[Built](store: Store, build: Callable[[Mapping[str, Any]], Built]) -> Built:
    """A command's parts, from the content that every program serves now; from an older one, said so, if it must be.

    ``build`` raises ContentError for documents that are not fit. Raises ContentError as ``LiveContent.start``.
    """

    def tell(event: str, code: str) -> None:
        sys.stderr.write(f"porchlight: {event} ({code})\n")

    return await LiveContent(ContentSets(store), lambda served: build(served.documents), tell).start()


def build_content_desk(settings: Settings, store: Store) -> ContentDesk:
    """The desk over this installation's store, its files and its checker."""
    accounts = StoreAccounts(store)

    async def list_approvers() -> Collection[str]:
        everybody = await accounts.list_all()
        return {one.name for one in everybody if one.state == "active" and _MAY_APPROVE & set(one.roles)}

    gate = ContentGate(Identity(settings.mode, settings.region, settings.hotline_name))
    return ContentDesk(
        ContentSets(store),
        SystemClock(),
        files=lambda: load_texts(CONTENT_FOLDER),
        check=gate.check,
        list_approvers=list_approvers,
        software=find_version(),
    )
