"""The worker's side of live content: its parts of each version, and the figures that say which one is served."""

import contextlib

from app.facts import Measure
from app.metrics import Metrics
from app.prepared import Prepared
from app.settings import Settings
from app.version import find_version
from app.watch import Watch
from app.world import World
from app.world_wiring import Said, build_dialogue, build_said
from storage.connection import Store, StoreError
from storage.content_following import LiveContent
from storage.content_sets import ContentSets


class WorkerContent:
    """Follows what is live for one worker."""

    def __init__(
        self, settings: Settings, store: Store, watch: Watch, metrics: Metrics, prepared: Prepared | None = None
    ) -> None:
        """``prepared``: what was made of the files before the store was asked; let go of by the start."""
        dialogue = build_dialogue(settings, watch)
        self._is_started = False
        self._prepared = prepared
        self._sets = ContentSets(store)
        self._content = LiveContent(
            self._sets,
            lambda served: build_said(
                settings, served, watch, dialogue, hurried=not self._is_started, prepared=self._prepared
            ),
            watch.failed,
            prepared.parsed if prepared else {},
        )
        self._metrics = metrics
        self._measure: Measure | None = None

    async def start(self) -> Said:
        """What to begin with, its patterns still to be compiled. Raises ContentError if nothing can be served."""
        with contextlib.suppress(StoreError, OSError, TimeoutError):
            # A backup, or older software, may have left it behind.
            await self._sets.show_live()
        said = await self._content.start()
        self._is_started = True
        if self._prepared:
            self._prepared.let_go()
            self._prepared = None
        self._tell(said)
        return said

    def build_measure(self, world: World) -> Measure:
        """The worker's figures, which go along with the content."""
        self._measure = Measure(self._metrics, world)
        return self._measure

    async def find_newer(self, world: World) -> World | None:
        """The world with a newer version in it, or None; raises nothing."""
        said = await self._content.look()
        if said is None:
            return None
        self._tell(said)
        if self._measure:
            self._measure.serve(said.words)
        return said.put_into(world)

    def _tell(self, said: Said) -> None:
        self._metrics.tell_build(find_version(), said.words.version)
        self._metrics.put("porchlight_content_version", self._content.number)
