"""Starts Rasa's own commands in the engine room: ``bot/engine/.venv/bin/python bot/engine/launcher.py train``.

Run from the project's root. ``run`` is confined and wordless as ``serve`` is; the others see training data alone.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_MODEL = (("--model", "-m"), "bot/models")
_DATA = (("--data",), "bot/data")
_OUR_FOLDERS = {
    "run": (_MODEL,),
    "shell": (_MODEL,),
    "interactive": (_MODEL, _DATA),
    "test": (_MODEL,),
    "train": (_DATA, (("--out",), "bot/models")),
    "data": (_DATA,),
}
"""Where our folders have other names than Rasa's own: command to the options that say so."""


def find_project() -> None:
    """Makes ``bot`` importable, and nothing of this folder by a bare name."""
    here = str(Path(__file__).resolve().parent)
    sys.path[:] = [str(ROOT), *(entry for entry in sys.path if entry not in {here, str(ROOT)})]


def prepare(*, serving: bool) -> None:
    """Everything that must stand before Rasa is imported, in this order. Raises SettingsError or ConfinementError."""
    from bot.engine import absent, confinement, redaction, surroundings

    confinement.confine_settings()
    absent.install()
    if serving:
        confinement.confine_memory()
        surroundings.fill_serving()
        redaction.silence_words()
    else:
        surroundings.fill_workbench()
        redaction.fill_sentry_place(redaction.PassingProcessor)
    confinement.confine_home()
    confinement.confine_to_loopback()

    from bot.engine import kept_session, quick_graph, quick_rules, quick_turns, remote_actions
    from bot.engine.turns import TurnTrackerStore

    remote_actions.install()
    if serving:
        for quicker in (kept_session, quick_graph, quick_rules, quick_turns):
            quicker.install()
    TurnTrackerStore.keeps_conversations = not serving


def with_our_folders(arguments: Sequence[str]) -> list[str]:
    """A command line with the options that it lacks to find ``bot/data`` and ``bot/models``."""
    added = [
        part
        for names, folder in _OUR_FOLDERS.get(arguments[0] if arguments else "", ())
        if not set(names) & set(arguments)
        for part in (names[0], folder)
    ]
    return [*arguments, *added]


def main() -> None:
    """Rasa's command line."""
    find_project()
    sys.argv[1:] = with_our_folders(sys.argv[1:])
    prepare(serving=sys.argv[1:2] == ["run"])
    from rasa.__main__ import main as run_rasa

    run_rasa()


if __name__ == "__main__":
    main()
