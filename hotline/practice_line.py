"""Invented texters for training: what they say next, by a word in the trainee's reply (A7). Data, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotline.errors import ContentError

END = "end"
CHECKS = "checks"
LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One invented texter. ``script`` goes to the page as it is: opening, steps, and the words for the review."""

    id: str
    title: str
    about: str
    think: tuple[str, ...]
    script: Mapping[str, Any]


def build_scenarios(documents: Mapping[str, Any]) -> Mapping[str, tuple[Scenario, ...]]:
    """Language to its invented texters, the same ones in each. Raises ContentError naming the file and the fault."""
    built = {language: _build_language(documents, language) for language in LANGUAGES}
    names = {language: {one.id for one in scenarios} for language, scenarios in built.items()}
    if odd := names["en"] ^ names["es"]:
        raise ContentError(f"training: {', '.join(sorted(odd))} is not in every language")
    if not names["en"]:
        raise ContentError("training: no invented texters")
    return built


def _build_language(documents: Mapping[str, Any], language: str) -> tuple[Scenario, ...]:
    folder = f"training/{language}/"
    found = {name.removeprefix(folder): document for name, document in documents.items() if name.startswith(folder)}
    checks = found.pop(CHECKS, None)
    if not checks or not all(checks.get(key) for key in ("asked_ok", "choice")):
        raise ContentError(f"{folder}{CHECKS}: needs asked_ok and choice")
    words = {key: list(checks[key]) for key in ("asked_ok", "choice")}
    return tuple(_build_scenario(name, document, words, folder) for name, document in sorted(found.items()))


def _build_scenario(name: str, document: Any, checks: Mapping[str, Any], folder: str) -> Scenario:
    try:
        steps = {step: _build_step(value) for step, value in document["steps"].items()}
        opening, think = _texts(document["opening"]), tuple(_texts(document["think"]))
        title, about = str(document["title"]), str(document["about"])
    except (KeyError, TypeError, AttributeError, ValueError):
        raise ContentError(f"{folder}{name}: a part is missing or of the wrong kind") from None
    _check_paths(steps, f"{folder}{name}")
    return Scenario(name, title, about, think, {"opening": opening, "steps": steps, "checks": checks})


def _build_step(value: Mapping[str, Any]) -> dict[str, Any]:
    branches = [{"words": _texts(one["words"]), **_build_answer(one)} for one in value.get("hears", [])]
    return {"hears": branches, "otherwise": _build_answer(value["otherwise"])}


def _build_answer(value: Mapping[str, Any]) -> dict[str, Any]:
    return {"says": _texts(value["says"]), "to": str(value["to"])}


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not value or not all(isinstance(text, str) and text.strip() for text in value):
        raise ValueError("needs a list of texts")
    return value


def _check_paths(steps: Mapping[str, Any], name: str) -> None:
    """Every step is reached, every way leads on, and a trainee who says anything at all comes to the end."""
    ways = {step: {one["to"] for one in (*value["hears"], value["otherwise"])} for step, value in steps.items()}
    unknown = {to for tos in ways.values() for to in tos} - steps.keys() - {END}
    if "start" not in steps or unknown:
        raise ContentError(f"{name}: no step {', '.join(sorted(unknown)) or 'start'}")
    reached = {"start"}
    for _ in steps:
        reached |= {to for step in reached & ways.keys() for to in ways[step]}
    if steps.keys() - reached:
        raise ContentError(f"{name}: nothing leads to {', '.join(sorted(steps.keys() - reached))}")
    step = "start"
    for _ in range(len(steps)):
        step = steps[step]["otherwise"]["to"] if step != END else END
    if step != END:
        raise ContentError(f"{name}: somebody whose words are never met goes round for ever")
