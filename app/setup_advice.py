"""What ``init`` tells a newcomer: what is still missing, what to do at the providers, and the next commands."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from app.hotline_folder import CREDENTIALS, ENV_FILE, SECRET_FILES
from app.setup_folder import is_for_units
from hotline.digits import is_toll_free

_NEEDED: Mapping[str, str] = {
    "TWILIO_ACCOUNT_SID": "open an account at Twilio: its SID",
    "TWILIO_AUTH_TOKEN": "Twilio's auth token, below the SID",
    "TWILIO_FROM": "a number that takes texts (docs/newcomer.md says which kind)",
    "TELEGRAM_BOT_TOKEN": "ask @BotFather for a bot: its token",
}


def list_missing(folder: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """What the programs will not start without, and where it goes; ``settings`` are those that the folder gives now."""
    for name, how in _NEEDED.items():
        there = settings.get(name) or settings.get(f"{name}_FILE")
        if there or (name == "TWILIO_FROM" and settings.get("TWILIO_MESSAGING_SERVICE_SID")):
            continue
        secret = SECRET_FILES.get(name)
        place = f"put {name}=... into {folder / ENV_FILE}"
        if secret:
            place = f"write it into {folder / CREDENTIALS / secret} (mode 0600)"
        yield f"{how} -> run init again and say it, or {place}"


def advise_sms(settings: Mapping[str, str]) -> Iterator[str]:
    """What has to be arranged with Twilio and the carriers, for this kind of number (X1)."""
    number, messaging_service = settings.get("TWILIO_FROM", ""), settings.get("TWILIO_MESSAGING_SERVICE_SID", "")
    if is_toll_free(number):
        yield (
            "Toll-free number: send in its verification (Twilio console, Messaging, Toll-Free Verification). Until it "
            "is approved, carriers block its texts. Do it today: it takes days to weeks."
        )
    elif number.startswith("+1") or messaging_service or not number:
        yield (
            "Local number in the United States: register a brand and an A2P 10DLC campaign (Twilio console, Messaging, "
            "Regulatory Compliance), and put the number into the campaign's Messaging Service. Until then carriers "
            "block its texts (error 30034). Do it today: it takes days to weeks. A charity has a use case of its own; "
            "describe a support line that people text first. A toll-free number needs a verification instead."
        )
    else:
        yield "Number outside the United States: ask Twilio which registration your country's carriers want."
    yield (
        "Opt-out: Twilio itself answers STOP, START and HELP when they stand alone. Leave Advanced Opt-Out off, or it "
        "keeps Spanish STOP words from us; if it must be on, its HELP text is a number to call and nothing that tells."
    )
    yield (
        "Redaction: Twilio keeps what is texted until the worker erases it, within minutes. If you can have Message "
        "Redaction, ask for it, leave its account-wide default off, and set TWILIO_KEEP_LESS=words,numbers."
    )
    yield "Sender: no name at the number (CNAM), in the bot or in its picture that tells what this is."
    yield "Logs: switch off whatever else keeps texts at Twilio (Studio flows, the debugger's mails)."


def list_next_steps(folder: Path, answers: Mapping[str, str]) -> Iterator[str]:
    """The commands from here to the first text, in order."""
    admin, language = answers["admin"], answers["language"]
    if is_for_units(folder):
        yield "groups of the keys: the lines with groupadd and chgrp in docs/deployment.md, part 3"
        yield "start: cp deploy/systemd/* /etc/systemd/system/ && systemctl enable --now porchlight.target"
        roles = "--role admin --role supervisor"
        yield f"first administrator: porchlight-admin staff invite {admin} {roles} --language {language}"
        yield "tell the providers: porchlight-admin channels register"
        command = "porchlight-admin"
    else:
        yield "put a web server with a certificate before both addresses: docs/deployment.md, part 5"
        yield f"start: porchlight run --hotline {folder}"
        yield f"first administrator: the first start prints an invitation for {admin}, good once within 48 hours"
        yield f"tell the providers: porchlight channels register --hotline {folder}"
        command = "porchlight"
    where = "" if is_for_units(folder) else f" --folder {folder}"
    console = "in the console under Content, To verify this week"
    yield f"phone every line of your region and confirm each: {console}; or {command} content confirm{where}"
    yield "let your counsel write the emergency policy of the region pack, and an advocate read every reply"
    yield f"see whether it is well: {command} doctor --hotline {folder}"
