"""``porchlight init``: from an empty folder to a hotline that every program can start with."""

import contextlib
import re
import stat
import subprocess
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import setup_folder
from app.commands import application
from app.doctor import build_patient, check_programs, check_settings
from app.doctor_stores import check_stores
from app.first_administrator import invite_first_administrator
from app.hotline_folder import KEY_FILES, SECRET_FILES, format_env, parse_env, read_hotline_folder
from app.ports import find_free_ports
from app.programs import PROGRAMS, ROOT
from app.settings import ALL, NOT_GIVEN, load_settings
from app.setup_cli import set_up
from app.setup_questions import QUESTIONS, read_answers
from app.stack import Stack
from app.stack_plan import StackPlan
from app.start import hotline_environ, prepare_start, register_channels
from app.store_command import create_store_files
from app.wiring import build_channel_configs
from connectors.registry import build_connectors
from hotline.findings import Grade, find_worst
from hotline.messages import SMS, TELEGRAM
from storage.accounts import StoreAccounts
from storage.connection import Store
from tests.app.standins import STANDINS
from tests.connectors.payloads import ACCOUNT, BOT_TOKEN, HOTLINE
from tests.connectors.provider import FakeProvider
from tests.real_store import RealStores

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ANSWERS = {
    "name": "Open Door",
    "region": "nevada",
    "public_url": "https://hotline.example.org",
    "console_url": "https://console.example.org",
    "admin": "rowan",
    "language": "es",
    "channels": "sms,telegram",
    "twilio_account_sid": "AC" + "a1" * 16,
    "twilio_auth_token": "0123456789abcdef0123456789abcdef",
    "number": "+18885550100",
    "telegram_bot_token": "1234567890:AbCdEfGhIjKlMnOpQrStUvWxYz0123456789",
}


async def _set_up(folder: Path, **changed: str) -> list[str]:
    given = {name: text for name, text in {**ANSWERS, **changed}.items() if text}
    return await set_up(folder, given, ask=None, check=False, now=NOW)


async def test_from_an_empty_folder_every_program_can_start_within_ten_minutes(tmp_path: Path) -> None:
    began = time.monotonic()
    lines = await _set_up(tmp_path)
    assert time.monotonic() - began < 60
    environ = read_hotline_folder(tmp_path)
    (tmp_path / "run").mkdir()
    plan = StackPlan(tmp_path, environ, PROGRAMS, set(PROGRAMS), {}, free_ports=False)
    assert {instance.program.name for instance in plan.instances()} == {
        "webhooks",
        "worker",
        "console",
        "actions",
        "rasa",
    }
    assert plan.settings.mode == "live" and plan.login is None
    assert plan.settings.hotline_name == "Open Door"
    assert plan.settings.cover_file == NOT_GIVEN
    assert find_worst(check_settings(build_patient({}, tmp_path, tmp_path))) is Grade.WELL
    assert any("porchlight run --hotline" in line for line in lines)


async def test_a_live_store_lies_below_the_folder_also_where_no_data_folder_is_given(tmp_path: Path) -> None:
    await _set_up(tmp_path)
    environ = {name: text for name, text in read_hotline_folder(tmp_path).items() if name != "PORCHLIGHT_DATA"}
    (tmp_path / "run").mkdir()
    plan = StackPlan(tmp_path, environ, PROGRAMS, set(PROGRAMS), {}, free_ports=False)
    assert len(plan.stores) == 2
    assert all(store.folder.is_relative_to(tmp_path) for store in plan.stores)


async def test_no_secret_is_readable_by_others_or_lies_with_the_data_or_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    lines = "\n".join(await _set_up(folder))
    for path in folder.rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
    environ = read_hotline_folder(folder)
    for name in KEY_FILES:
        assert not Path(environ[name]).is_relative_to(Path(environ["PORCHLIGHT_DATA"]))
    assert ANSWERS["twilio_auth_token"] not in lines
    assert ANSWERS["twilio_auth_token"] not in (folder / "porchlight.env").read_text()
    private = re.search(r"opens backups:\n(\S+)", lines)
    assert private
    assert not any(private[1] in path.read_text() for path in folder.rglob("*") if path.is_file())


async def test_a_second_run_overwrites_nothing_and_adds_what_was_missing(tmp_path: Path) -> None:
    first = await _set_up(tmp_path, twilio_auth_token="", number="")
    assert any("credentials/twilio_auth_token" in line for line in first)
    assert any("TWILIO_FROM=" in line for line in first)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    second = await set_up(
        tmp_path,
        {"twilio_auth_token": "a" * 32, "number": "+17025550100", "name": "Another"},
        ask=None, check=False, now=NOW,
    )  # fmt: skip
    for path, content in before.items():
        assert path.read_bytes().startswith(content), path
    environ = read_hotline_folder(tmp_path)
    assert environ["TWILIO_FROM"] == "+17025550100"
    assert environ["PORCHLIGHT_HOTLINE_NAME"] == "Open Door"
    assert any("PORCHLIGHT_HOTLINE_NAME" in line and "something else" in line for line in second)
    third = await set_up(
        tmp_path, {"twilio_auth_token": "b" * 32, "admin": "heron"}, ask=None, check=False, now=NOW
    )  # fmt: skip
    said = [line for line in third if "something else" in line]
    assert [part in line for part, line in zip(("twilio_auth_token", "administrator"), said, strict=True)] == [True] * 2
    assert "b" * 32 not in "\n".join(third)
    assert not any("Still missing" in line for line in second)
    assert not any("opens backups" in line for line in second)


async def test_what_is_wrong_is_said_all_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    with pytest.raises(ValueError, match="nothing was written") as caught:
        await _set_up(
            folder, name="Teen Trafficking Help", public_url="http://hotline.example.org", region="atlantis",
            number="5550100", console_url="", admin="Rowan Smith", channels="telegram", colour="blue",
        )  # fmt: skip
    told = str(caught.value)
    for part in ("tells nothing", "https://", "docs/region_pack.md", "+17025550100",
                 "console_url: missing", "alias", "sms or sms,telegram", "colour: no such answer"):  # fmt: skip
        assert part in told, part
    assert "Run it in a terminal" in told
    assert not folder.exists()


def test_a_person_is_asked_again_until_the_answer_is_right() -> None:
    said: list[tuple[str, str]] = []
    typed = iter(["", "Abuse Help", "Open Door"])

    def ask(question, _default, problem):
        said.append((question.field, problem))
        return next(typed)

    given = {name: text for name, text in ANSWERS.items() if name != "name"}
    rest = {"data": "/var/lib/x", "messaging_service": "MG" + "b" * 32, "telegram_bot_name": "x"}
    assert read_answers({**given, **rest}, {}, ask)["name"] == "Open Door"
    assert [field for field, _ in said] == ["name"] * 3
    assert "missing" in said[1][1] and "tells nothing" in said[2][1]


def test_secrets_are_no_flags_and_an_answers_file_that_holds_one_is_closed_to_others(tmp_path: Path) -> None:
    told = CliRunner().invoke(application, ["init", "--help"], env={"COLUMNS": "200"}).output
    assert not any(f"--{one.field.replace('_', '-')}" in told for one in QUESTIONS if one.secret)
    file = tmp_path / "answers.yml"
    file.write_text(f"twilio_auth_token: {'a' * 32}\n")
    file.chmod(0o644)
    refused = CliRunner().invoke(application, ["init", str(tmp_path / "new"), "--answers", str(file)])
    assert isinstance(refused.exception, ValueError)
    assert "chmod 600" in str(refused.exception)
    assert not (tmp_path / "new").exists()


def test_the_answers_file_of_the_guide_sets_a_hotline_up_as_it_stands(tmp_path: Path) -> None:
    """To YAML its number is a whole number, without the plus."""
    (given,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "newcomer.md").read_text(), re.DOTALL)
    (tmp_path / "answers.yml").write_text(given.replace("AC...", ANSWERS["twilio_account_sid"]))
    (tmp_path / "answers.yml").chmod(0o600)
    for file, field in (("token.txt", "twilio_auth_token"), ("bot.txt", "telegram_bot_token")):
        (tmp_path / file).write_text(ANSWERS[field])
    with contextlib.chdir(tmp_path):
        done = CliRunner().invoke(application, ["init", "new", "--answers", "answers.yml", "--no-check"])
    assert done.exit_code == 0, done.exception
    assert read_hotline_folder(tmp_path / "new")["TWILIO_FROM"] == "+18885550100"
    assert ANSWERS["twilio_auth_token"] not in done.output


@pytest.mark.parametrize("value", ["Open Door", "$(touch ran)", "a'b\"c`touch ran`", "x; touch ran", "é ñ #1"])
def test_a_setting_is_read_back_the_same_by_us_and_by_a_shell_and_nothing_is_run(tmp_path: Path, value: str) -> None:
    line = format_env("NAME", value)
    assert parse_env(line) == {"NAME": value}
    (tmp_path / "env").write_text(line)
    shell = ["bash", "-c", '. ./env; printf %s "$NAME"']
    assert subprocess.run(shell, cwd=tmp_path, capture_output=True, check=True).stdout.decode() == value
    assert not (tmp_path / "ran").exists()


def test_the_folder_is_laid_out_as_the_units_and_the_admin_command_read_it() -> None:
    units = "\n".join(path.read_text() for path in (ROOT / "deploy" / "systemd").glob("*.service"))
    given = dict(re.findall(r"^LoadCredential=(\w+)_FILE:/etc/porchlight/credentials/([a-z_]+)$", units, re.MULTILINE))
    assert {name: file for name, file in SECRET_FILES.items() if name != "VAPID_PRIVATE_KEY"} == given
    for name, file in KEY_FILES.items():
        assert f"Environment={name}=/etc/porchlight/keys/{file}" in units
    assert "porchlight.env" in (ROOT / "deploy" / "porchlight-admin").read_text()


async def test_for_the_units_it_makes_the_stores_files_and_says_their_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup_folder, "UNITS_FOLDER", tmp_path)
    told = "\n".join(await _set_up(tmp_path))
    environ = read_hotline_folder(tmp_path)
    assert environ["PORCHLIGHT_DATA"] == "/var/lib/porchlight-store"
    assert environ["PORCHLIGHT_SPOOL"] == "/var/lib/porchlight-webhooks"
    assert "VAPID_PUBLIC_KEY" not in environ
    acl = (tmp_path / "credentials" / "store.acl").read_text()
    urls = {path.name for path in (tmp_path / "credentials").glob("*_url")}
    assert {"webhooks.redis_url", "operator.keys_url"} <= urls
    assert find_worst(check_settings(build_patient({}, tmp_path, tmp_path))) is Grade.WELL
    assert "porchlight-admin staff invite rowan --role admin" in told
    await _set_up(tmp_path)
    assert (tmp_path / "credentials" / "store.acl").read_text() == acl


@pytest.mark.parametrize("asked", ["keys", "content", "outreach", "report", "doctor"])
async def test_with_the_units_the_admin_command_works_on_what_init_wrote(tmp_path: Path, asked: str) -> None:
    folder, fake = tmp_path / "etc", tmp_path / "porchlight"
    await _set_up(folder)
    create_store_files(folder / "credentials", Path("/run/porchlight"))
    assert find_worst(check_settings(build_patient({}, folder, folder))) is Grade.WELL
    fake.write_text('#!/bin/bash\nenv >"$0.env"\n')
    fake.chmod(0o755)
    environ = {"PATH": "/usr/bin:/bin", "PORCHLIGHT_ETC": str(folder), "PORCHLIGHT_COMMAND": str(fake)}
    subprocess.run([ROOT / "deploy" / "porchlight-admin", asked], env=environ, check=True)
    given = dict(line.split("=", 1) for line in Path(f"{fake}.env").read_text().splitlines())
    assert load_settings(given, "operator").redis_url.reveal().startswith("unix://operator:")
    operator = build_patient(given, folder, folder).operator_settings()
    assert operator is not None and operator.keys_url.reveal().startswith("unix://operator:")


async def test_a_channel_that_is_not_chosen_stays_shut_and_is_not_announced(tmp_path: Path) -> None:
    await _set_up(tmp_path, channels="sms", telegram_bot_token="")
    environ = hotline_environ({}, tmp_path)
    token = Path(environ["TELEGRAM_BOT_TOKEN_FILE"]).read_text().strip()
    assert token != BOT_TOKEN and len(Path(environ["TELEGRAM_WEBHOOK_SECRET_FILE"]).read_text()) > 40
    settings = load_settings(environ, "channels")
    assert settings.channels == ("sms",)
    assert set(build_connectors(build_channel_configs(settings))) == {SMS, TELEGRAM}
    async with FakeProvider() as provider:
        urls = {"TWILIO_API_URL": provider.url, "TELEGRAM_API_URL": provider.url}
        lines = await register_channels({**environ, **urls, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_FROM": HOTLINE})
        assert len(lines) == 1 and "sms" in lines[0]
        assert not any("/bot" in call.path for call in provider.calls)


@pytest.fixture
def stores(tmp_path: Path):
    with RealStores(tmp_path) as stores:
        yield stores


async def test_the_first_start_invites_the_administrator_once(tmp_path: Path, stores: RealStores) -> None:
    folder = tmp_path / "new"
    await _set_up(folder)
    said: list[str] = []
    url = stores.url("store", "staff")
    settings = load_settings({**read_hotline_folder(folder), "PORCHLIGHT_REDIS_URL": url}, "staff")
    await invite_first_administrator(folder, settings, said.append)
    await invite_first_administrator(folder, settings, said.append)
    store = Store(url)
    account = await StoreAccounts(store).find("rowan")
    await store.aclose()
    assert account is not None and set(account.roles) == {"admin", "supervisor"} and account.language == "es"
    assert len(said) == 2 and said[1].startswith("https://console.example.org/join#")


async def test_what_init_wrote_runs_and_doctor_finds_programs_and_stores_well(tmp_path: Path, capsys) -> None:
    """The real supervisor, store and access rules; small stand-ins for the programs."""
    folder = tmp_path / "new"
    await _set_up(folder)
    names = ("WEBHOOKS", "WEBHOOKS_METRICS", "WORKER", "CONSOLE", "CONSOLE_METRICS", "ACTIONS")
    *ports, rasa = find_free_ports(len(names) + 1)
    binds = {f"PORCHLIGHT_{name}_BIND": f"127.0.0.1:{port}" for name, port in zip(names, ports, strict=True)}
    binds["PORCHLIGHT_RASA_URLS"] = f"http://127.0.0.1:{rasa}"
    environ = hotline_environ(binds, folder)
    async with Stack(folder, environ=environ, catalog=STANDINS, prepare=partial(prepare_start, hotline=folder)):
        patient = build_patient(binds, folder, folder)
        operator = patient.operator_settings()
        assert operator is not None
        found = await check_stores(operator)
        found += await check_programs(load_settings(patient.program_environ(ALL), ALL))
    assert find_worst(found) is Grade.WELL, found
    assert {"store", "keys", "programs"} == {one.about for one in found}
    assert "https://console.example.org/join#" in capsys.readouterr().out
