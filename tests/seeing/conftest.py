"""Real servers, as the storage tests have them."""

from tests.storage.conftest import content_keys, inbox, keys, servers, store

__all__ = ["content_keys", "inbox", "keys", "servers", "store"]
