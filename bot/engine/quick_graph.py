"""Runs a trained model's graph node after node, in an order found once.

Rasa's own runner builds a task graph for Dask anew for every text and every prediction: a third of an answer's time.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import rasa.core.processor
from rasa.core.processor import MessageProcessor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.slots import Slot

type _Step = tuple[str, GraphNode, tuple[str, ...]]


class DirectGraphRunner(DaskGraphRunner):
    """A graph runner with the contract of Rasa's own."""

    def run(self, inputs: Mapping[str, Any] | None = None, targets: Sequence[str] | None = None) -> dict[str, Any]:
        """The outputs of ``targets`` by name. Raises GraphRunError, and what a node raises."""
        wanted = tuple(targets or self._graph_schema.target_names)
        outputs: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
        try:
            for name, node, needs in self._find_steps(wanted):
                if name not in outputs:
                    outputs[name] = node(*(outputs.get(need, need) for need in needs))
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return dict(outputs[name] for name in wanted)

    def _find_steps(self, targets: tuple[str, ...]) -> list[_Step]:
        known: dict[tuple[str, ...], list[_Step]] = self.__dict__.setdefault("steps", {})
        if targets not in known:
            steps: dict[str, _Step] = {}
            for target in targets:
                self._add_steps(target, steps)
            known[targets] = list(steps.values())
        return known[targets]

    def _add_steps(self, name: str, steps: dict[str, _Step]) -> None:
        node = self._graph_schema.nodes.get(name)
        if node is None or name in steps:
            return
        needs = tuple(node.needs.values())
        for need in needs:
            self._add_steps(need, steps)
        steps[name] = name, self._instantiated_nodes[name], needs


def _copy_slot(slot: Slot) -> Slot:
    """A slot with the same value, without the detour over pickling; every tracker copies all of them."""
    same: Slot = object.__new__(type(slot))
    same.__dict__.update(slot.__dict__)
    return same


def _look_for_nothing(_processor: MessageProcessor, _parsed: Any) -> None:
    """Rasa looks up whether the domain knows the intent, and builds an empty domain for it; ours is of one training."""


def install() -> None:
    """Makes agents that are loaded from now on run their models so."""
    rasa.core.processor.DaskGraphRunner = DirectGraphRunner
    MessageProcessor._check_for_unseen_features = _look_for_nothing
    Slot.__copy__ = _copy_slot
