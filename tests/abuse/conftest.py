"""The real servers of the storage tests, for attacks on what stands before them."""

from tests.storage.conftest import content_keys, inbox, keys, servers, store

__all__ = ["content_keys", "inbox", "keys", "servers", "store"]
