"""What is said of registering a number fits the number; what is missing is said with the command that asks for it."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands import application
from app.setup_advice import advise_sms
from app.setup_cli import set_up
from app.stack_command import REFUSED
from tests.app.test_init import ANSWERS, NOW


@pytest.mark.parametrize(
    ("number", "said"),
    [("+18885550100", "Toll-Free Verification"), ("+17025550100", "A2P 10DLC"), ("+4915550100", "outside")],
)
def test_the_advice_fits_the_number_and_names_opt_out_and_redaction(number: str, said: str) -> None:
    told = " ".join(advise_sms({"TWILIO_FROM": number}))
    assert said in told
    assert "Advanced Opt-Out" in told and "Redaction" in told


def test_a_start_without_what_is_missing_says_which_command_asks_for_it(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    given = {name: text for name, text in ANSWERS.items() if name != "twilio_auth_token"}
    asyncio.run(set_up(folder, given, ask=None, check=False, now=NOW))
    told = CliRunner().invoke(application, ["run", "--hotline", str(folder)])
    assert told.exit_code == REFUSED and "TWILIO_AUTH_TOKEN" in told.output
    assert f"porchlight init {folder}" in told.output
