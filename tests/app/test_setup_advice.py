"""What is said of registering a number fits the number."""

import pytest

from app.setup_advice import advise_sms


@pytest.mark.parametrize(
    ("number", "said"),
    [("+18885550100", "Toll-Free Verification"), ("+17025550100", "A2P 10DLC"), ("+4915550100", "outside")],
)
def test_the_advice_fits_the_number_and_names_opt_out_and_redaction(number: str, said: str) -> None:
    told = " ".join(advise_sms({"TWILIO_FROM": number}))
    assert said in told
    assert "Advanced Opt-Out" in told and "Redaction" in told
