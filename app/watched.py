"""Parts of the world that tell the watch how long they took."""

import time

from app.watch import Watch
from storage.commit import Committer, Writes
from storage.connection import Store


class WatchedCommitter(Committer):
    """Commits, and tells how long the store took until it was on disk."""

    def __init__(self, store: Store, worker: str, watch: Watch) -> None:
        super().__init__(store, worker)
        self._watch = watch

    async def commit(self, partition: int, writes: Writes) -> None:
        """As Committer does; what fails is no figure of the store's pace."""
        began = time.perf_counter()
        await super().commit(partition, writes)
        self._watch.took("store", time.perf_counter() - began, "commit")
