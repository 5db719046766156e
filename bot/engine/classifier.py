"""Rasa's component around the intent model."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.intents import IntentModel, fit_intents, load_intents

NOTHING = {"name": None, "confidence": 0.0}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NgramClassifier(GraphComponent, IntentClassifier):
    """Finds the intent of a text by its character and word n-grams."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: IntentModel | None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Settings: the ridge's penalty, and how many intents a ranking names."""
        return {"penalty": 1.0, "ranking_length": 5}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramClassifier:
        """An untrained component, for training alone."""
        return cls(config, model_storage, resource, None)

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
            return cls(config, model_storage, resource, load_intents(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from every example with an intent."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        self._model = fit_intents(
            [example.get(TEXT) for example in examples],
            [example.get(INTENT) for example in examples],
            penalty=float(self._config["penalty"]),
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves the data as they are."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets intent and ranking on every message."""
        if self._model is None:
            raise RuntimeError("the classifier was not trained")
        for message in messages:
            ranked = self._model.rank(message.get(TEXT) or "")[: self._config["ranking_length"]]
            ranking = [{"name": name, "confidence": confidence} for name, confidence in ranked]
            message.set(INTENT, ranking[0] if ranking else dict(NOTHING), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages
