"""Rasa's component around the intent model."""

from __future__ import annotations

import json
import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.answers import ALSO
from bot.engine.intents import STRICTNESS, IntentModel, fit_intents, load_intents
from bot.engine.wishes import Wishes, hear_wishes, load_ranks

NOTHING = {"name": None, "confidence": 0.0}
TYPED_NUMBER = "typed_number"
_RANKS = "ranks.json"
_ZIP_LENGTH = 5
_NUMBER = re.compile(r"[\s\d().+#-]+")


def is_number(text: str) -> bool:
    """True for a text of digits alone that is no ZIP and no bare choice or age: a number to call, typed in."""
    digits = sum(sign.isdigit() for sign in text)
    return digits > 2 and digits != _ZIP_LENGTH and _NUMBER.fullmatch(text) is not None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NgramClassifier(GraphComponent, IntentClassifier):
    """Finds the intent of a text by its character and word n-grams."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None,
        ranks: dict[str, int],
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model
        self._ranks = ranks

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Settings: how strictly the examples are followed, and how many intents a ranking names."""
        return {"strictness": STRICTNESS, "ranking_length": 5}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramClassifier:
        """An untrained component, for training alone."""
        return cls(config, model_storage, resource, None, load_ranks())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NgramClassifier:
        """The trained component. Raises IntentModelError rather than serve untrained."""
        with model_storage.read_from(resource) as folder:
            ranks = json.loads((folder / _RANKS).read_text("utf-8"))
            return cls(config, model_storage, resource, load_intents(folder), ranks)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from every example with an intent."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        self._model = fit_intents(
            [example.get(TEXT) for example in examples],
            [example.get(INTENT) for example in examples],
            strictness=float(self._config["strictness"]),
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
            (folder / _RANKS).write_text(json.dumps(self._ranks, sort_keys=True), "utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves the data as they are."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets intent and ranking on every message."""
        for message in messages:
            wishes = self._hear(message.get(TEXT) or "")
            ranked = wishes.ranked[: self._config["ranking_length"]]
            ranking = [{"name": name, "confidence": confidence} for name, confidence in ranked]
            message.set(INTENT, ranking[0] if ranking else dict(NOTHING), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            if wishes.also:
                second = {"entity": ALSO, "value": wishes.also, "start": 0, "end": 0}
                message.set(ENTITIES, [*message.get(ENTITIES, []), second], add_to_output=True)
        return messages

    def _hear(self, text: str) -> Wishes:
        if self._model is None:
            raise RuntimeError("the classifier was not trained")
        return Wishes([(TYPED_NUMBER, 1.0)]) if is_number(text) else hear_wishes(text, self._model.rank, self._ranks)
