"""The sample deployment, held against the settings table and tried as far as one can without systemd."""

import re
import stat
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.settings import load_settings
from app.settings_table import SETTINGS
from app.store_command import build_command, create_store_files
from tests.seeing.rules import shown_names
from vault.key_files import create_key_file

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "deploy/systemd"
SERVICES = {
    path.stem.removeprefix("porchlight-").rstrip("@").replace("-", "_"): path for path in UNITS.glob("*.service")
}
PROGRAMS = sorted({"webhooks", "worker", "console", "actions", "read_api", "rasa"})
SECRETS = ("twilio_auth_token", "telegram_bot_token", "telegram_webhook_secret", "rasa_token", "actions_token")


def entries(path, name):
    return re.findall(rf"^{name}=(.*)$", path.read_text("utf-8"), re.MULTILINE)


def sample_environ():
    lines = (ROOT / "deploy/porchlight.env").read_text("utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: value.strip('"') for name, value in pairs}


@pytest.fixture
def credentials(tmp_path):
    """The folder that the guide makes in its third step."""
    folder = tmp_path / "credentials"
    create_store_files(folder, Path("/run/porchlight"))
    for name in ("server.key", "address.key", "staff.key"):
        create_key_file(tmp_path / "keys" / name, datetime.now(UTC))
    for name in SECRETS:
        (folder / name).touch(0o600)
        (folder / name).write_text("x" * 43 + "\n")
    return folder


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_unit_of_a_program_gives_it_all_it_needs_to_start_live(program, credentials):
    """X3: the sample settings and the guide's credentials are enough."""
    unit = SERVICES[program]
    environ = sample_environ()
    files = dict(entry.split(":") for entry in entries(unit, "LoadCredential"))
    for name, path in (entry.split("=", 1) for entry in entries(unit, "Environment")):
        given = files[path.removeprefix("%d/")] if path.startswith("%d/") else path
        environ[name] = given.replace("/etc/porchlight", str(credentials.parent))
    assert load_settings(environ, program).mode == "live"


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_unit_of_a_program_hands_it_no_secret_of_another(program):
    given = {entry.split("=")[0].removesuffix("_FILE") for entry in entries(SERVICES[program], "Environment")}
    own = {s.name for s in SETTINGS.values() if program in s.programs}
    assert {name for name in given if not name.endswith("KEY")} <= own
    assert {f"{name}_FILE" for name in given if name.endswith("KEY")} <= own


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_unit_reads_the_key_files_of_its_program_where_they_are_rotated_and_no_other(program):
    """P9: a credential would be a copy from the start, and a rotation would need a restart."""
    wanted = {"PORCHLIGHT_KEY_FILE": "server", "PORCHLIGHT_ADDRESS_KEY_FILE": "address"}
    wanted["PORCHLIGHT_STAFF_KEY_FILE"] = "staff"
    own = {
        file
        for name, file in wanted.items()
        if program in next(s for s in SETTINGS.values() if s.name == name).programs
    }
    given = dict(entry.split("=", 1) for entry in entries(SERVICES[program], "Environment"))
    assert {given[name] for name in wanted if name in given} == {f"/etc/porchlight/keys/{file}.key" for file in own}
    groups = " ".join(entries(SERVICES[program], "SupplementaryGroups")).split()
    assert {group for group in groups if group.endswith("-key")} == {f"porchlight-{file}-key" for file in own}


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_every_unit_is_confined(service):
    """P1: no core dump, no swap, nothing of the machine to read or write."""
    for name, value in (
        ("LimitCORE", "0"), ("MemorySwapMax", "0"), ("NoNewPrivileges", "yes"), ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"), ("PrivateTmp", "yes"), ("CapabilityBoundingSet", ""), ("UMask", "0077"),
        ("Restart", "always"),
    ):  # fmt: skip
        assert entries(SERVICES[service], name) == [value], name
    assert not any("token" in line or "secret" in line for line in entries(SERVICES[service], "ExecStart"))


def test_the_dialogue_gets_a_fifth_of_what_a_busy_unit_of_the_crisis_path_gets():
    """R9: nice counts only inside a unit; a weight of 100 is what one has without a word."""
    given = {service: entries(unit, "CPUWeight") for service, unit in SERVICES.items()}
    assert given == {service: ["20"] if service in {"rasa", "actions"} else [] for service in SERVICES}


def test_only_what_has_a_weight_of_its_own_is_idle_to_the_kernel():
    """R9: anything else of that class would stand still beside whoever is busy."""
    given = {service: entries(unit, "CPUSchedulingPolicy") for service, unit in SERVICES.items()}
    assert given == {service: ["idle"] if service in {"rasa", "actions"} else [] for service in SERVICES}


def test_only_the_worker_may_call_out():
    for service, path in SERVICES.items():
        shut = entries(path, "IPAddressDeny") == ["any"] or entries(path, "PrivateNetwork") == ["yes"]
        assert shut == (service != "worker"), service


def test_the_units_start_the_programs_that_there_are():
    for program in ("webhooks", "worker", "console"):
        assert entries(SERVICES[program], "ExecStart") == [f"/opt/porchlight/.venv/bin/python -m app.{program}"]
        assert (ROOT / "app" / f"{program}.py").is_file()
    wanted = " ".join(entries(UNITS / "porchlight.target", "Wants")).split()
    assert {name.removesuffix(".service").partition("@")[0] for name in wanted} == {
        f"porchlight-{s.replace('_', '-')}" for s in SERVICES
    }


def test_store_files_are_private_and_new_every_time(tmp_path):
    written = create_store_files(tmp_path / "credentials", Path("/run/porchlight"))
    before = {path: path.read_text() for path in written}
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}
    create_store_files(tmp_path / "credentials", Path("/run/porchlight"))
    assert all(path.read_text() != text for path, text in before.items())
    assert "webhooks.redis_url" in {path.name for path in written}


def test_a_store_of_the_service_manager_runs_with_the_options_of_the_supervised_one(tmp_path):
    command = build_command("store", tmp_path, tmp_path, tmp_path / "data")
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert (options["--appendfsync"], options["--port"], options["--unixsocketperm"]) == ("always", "0", "770")
    assert build_command("keys", tmp_path, tmp_path, tmp_path)[0] == command[0]


def test_the_admin_command_reads_secrets_from_files(credentials, tmp_path):
    etc = credentials.parent
    (etc / "porchlight.env").write_text((ROOT / "deploy/porchlight.env").read_text("utf-8"))
    fake = tmp_path / "porchlight"
    shown = 'printf "%s\\n" "$*" "$PORCHLIGHT_HOTLINE_NAME" "$TWILIO_AUTH_TOKEN_FILE"'
    fake.write_text(f'#!/bin/bash\n{shown}\nenv >"$0.env"\n')
    fake.chmod(0o755)
    environ = {"PATH": "/usr/bin:/bin", "PORCHLIGHT_ETC": str(etc), "PORCHLIGHT_COMMAND": str(fake)}
    command = [ROOT / "deploy/porchlight-admin", "staff", "add", "rowan"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["staff add rowan", "Example Line", str(credentials / "twilio_auth_token")]
    environ = dict(line.split("=", 1) for line in Path(f"{fake}.env").read_text().splitlines())
    for program in ("channels", "staff"):
        assert load_settings(environ, program).mode == "live"


@pytest.mark.parametrize(("result", "ended"), [(0, True), (1, True), (0, False)])
def test_the_admin_command_wipes_as_the_operator_and_ends_what_may_hold_words(credentials, tmp_path, result, ended):
    """One that cannot be ended holds words still: that is no success."""
    etc, fake = credentials.parent, tmp_path / "porchlight"
    (etc / "porchlight.env").write_text((ROOT / "deploy/porchlight.env").read_text("utf-8"))
    fake.write_text(f'#!/bin/bash\nenv >"$0.env"\necho "$@"\nexit {result}\n')
    systemctl = tmp_path / "systemctl"
    systemctl.write_text(f'#!/bin/bash\necho "systemctl $*"\nexit {0 if ended else 5}\n')
    fake.chmod(0o755)
    systemctl.chmod(0o755)
    environ = {"PATH": "/usr/bin:/bin", "PORCHLIGHT_ETC": str(etc)}
    environ |= {"PORCHLIGHT_COMMAND": str(fake), "PORCHLIGHT_SYSTEMCTL": str(systemctl)}
    done = subprocess.run(
        [ROOT / "deploy/porchlight-admin", "wipe", "--yes"], env=environ, capture_output=True, text=True
    )
    first, second = done.stdout.splitlines()
    assert first == "wipe --yes" and done.returncode == (result if ended else 1)
    assert ("NOT ended" in done.stderr) is not ended
    assert second.split()[:2] == ["systemctl", "try-restart"] and "porchlight-webhooks" in second
    given = dict(line.split("=", 1) for line in Path(f"{fake}.env").read_text().splitlines())
    assert load_settings(given, "operator").redis_url.reveal().startswith("unix://operator:")


def test_the_proxy_writes_no_body_and_no_access_log_and_keeps_the_path():
    """P1, X1."""
    text = (ROOT / "deploy/nginx/porchlight.conf").read_text("utf-8")
    servers = text.split("\nserver {")[1:]
    assert len(servers) == 2
    for server in servers:
        assert "access_log off;" in server
        assert "client_body_buffer_size 256k;" in server and "client_max_body_size    256k;" in server
        assert "proxy_max_temp_file_size 0;" in server
    for target in re.findall(r"proxy_pass (\S+);", text):
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", target)  # a path here would replace the signed one


def test_the_runbook_names_figures_that_there_are():
    text = (ROOT / "docs/runbook.md").read_text("utf-8")
    for name in set(re.findall(r"porchlight_[a-z_]+", text)):
        assert name in shown_names() or f"{name}_count" in shown_names(), name


def test_the_guide_mentions_files_that_there_are():
    for guide in ("docs/deployment.md", "docs/runbook.md", "SECURITY.md"):
        text = (ROOT / guide).read_text("utf-8")
        for path in re.findall(r"`((?:deploy|app|scripts)/[\w./-]+)`", text):
            assert (ROOT / path).exists(), path
