"""Anyone who knows Rasa is at home: its commands find our folders."""

import pytest

from bot.engine.launcher import with_our_folders


@pytest.mark.parametrize(
    ("given", "added"),
    [
        (["train"], ["--data", "bot/data", "--out", "bot/models"]),
        (["train", "--out", "elsewhere"], ["--data", "bot/data"]),
        (["shell"], ["--model", "bot/models"]),
        (["run", "-m", "a.tar.gz"], []),
        (["data", "validate"], ["--data", "bot/data"]),
        (["--version"], []),
        ([], []),
    ],
)
def test_a_command_is_given_the_folders_that_it_lacks(given: list[str], added: list[str]) -> None:
    assert with_our_folders(given) == [*given, *added]
