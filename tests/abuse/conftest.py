"""The real servers of the storage tests and the console over fakes, for attacks on what stands before them."""

from tests.console.conftest import stage
from tests.storage.conftest import content_keys, inbox, keys, servers, store

__all__ = ["content_keys", "inbox", "keys", "servers", "stage", "store"]
