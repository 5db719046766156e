"""``porchlight doctor``: each part broken once, and one line that says what, why and what to do."""

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands import application
from app.doctor import build_patient, check_backup, check_programs, check_settings
from app.doctor_content import check_content_state, judge_freshness, judge_people
from app.doctor_machine import (
    check_keys,
    check_memory,
    check_secret_modes,
    check_versions,
    judge_certificate,
    judge_room,
)
from app.doctor_providers import check_clock, check_providers, judge_clock
from app.doctor_stores import check_access_lists, check_stores, judge_instance
from app.hotline_folder import read_hotline_folder
from app.ports import find_free_ports
from app.settings import ALL, load_settings
from app.setup_cli import set_up
from app.stack import Stack
from app.store_command import create_store_files
from hotline.findings import Finding, Grade, find_worst
from storage.content_files import load_documents
from storage.examination import InstanceState
from tests.app.test_init import ANSWERS
from tests.connectors.provider import FakeProvider
from tests.real_store import RealStores
from vault.key_files import create_key_file

NOW = datetime.now(UTC)


@pytest.fixture
def stores(tmp_path: Path):
    with RealStores(tmp_path) as stores:
        yield stores


@pytest.fixture
async def hotline(tmp_path: Path) -> Path:
    folder = tmp_path / "hotline"
    await set_up(folder, dict(ANSWERS), ask=None, check=False, now=NOW)
    return folder


def _grade(found: list[Finding], said: str = "") -> Grade:
    for one in found:
        assert one.grade is Grade.WELL or (one.why and one.remedy), one
    assert not said or said in "\n".join(one.line() for one in found)
    return find_worst(found)


async def test_a_program_whose_settings_are_broken_is_named_with_what_is_wrong(hotline: Path) -> None:
    assert _grade(check_settings(build_patient({}, hotline, hotline))) is Grade.WELL
    (hotline / "credentials" / "twilio_auth_token").unlink()
    found = check_settings(build_patient({}, hotline, hotline))
    assert _grade(found, "TWILIO_AUTH_TOKEN") is Grade.WRONG
    assert f"porchlight init {hotline} again" in found[0].remedy
    assert "webhooks" in found[0].why and "worker" in found[0].why and "console" not in found[0].why


def test_a_folder_that_holds_no_hotline_is_said_with_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="porchlight init"):
        build_patient({}, tmp_path, tmp_path)
    with pytest.raises(ValueError, match="--hotline"):
        build_patient({}, None, tmp_path)


async def test_a_practice_stack_is_looked_at_by_its_folder_alone(tmp_path: Path) -> None:
    async with Stack(tmp_path / "var", programs=(), free_ports=True):
        patient = build_patient({}, None, tmp_path / "var")
        settings = patient.operator_settings()
        assert settings is not None and settings.mode == "practice"
        assert _grade(await check_stores(settings)) is Grade.WELL
        assert load_settings(patient.program_environ(ALL), ALL).key_file.exists()


async def test_our_own_stores_are_well_and_stores_that_are_away_are_wrong(hotline: Path, stores: RealStores) -> None:
    urls = {
        "PORCHLIGHT_REDIS_URL": stores.url("store", "operator"),
        "PORCHLIGHT_KEYS_URL": stores.url("keys", "operator"),
    }
    settings = load_settings({**read_hotline_folder(hotline), **urls}, "operator")
    found = await check_stores(settings)
    assert _grade(found) is Grade.WELL, found
    stores.kill("keys")
    found = await check_stores(settings)
    assert _grade(found, "no conversation can be opened") is Grade.WRONG
    assert [one.about for one in found if one.grade is Grade.WRONG] == ["keys"]


_KEPT = {"redis_version": "7.2.4", "aof_enabled": "1", "aof_last_write_status": "ok", "maxmemory_policy": "noeviction"}


@pytest.mark.parametrize(
    ("name", "changed", "confined", "said"),
    [
        ("store", {"aof_enabled": "0"}, True, "append-only"),
        ("store", {"aof_last_write_status": "err"}, True, "last write"),
        ("store", {"maxmemory": "100", "used_memory": "90"}, True, "90 %"),
        ("store", {"maxmemory_policy": "allkeys-lru"}, True, "throws keys away"),
        ("store", {"redis_version": "5.0.7"}, True, "5.0.7"),
        ("store", {}, False, "may do everything"),
        ("keys", {"aof_enabled": "1"}, True, "writes to disk"),
        ("keys", {"aof_enabled": "0", "rdb_saves": "3"}, True, "writes to disk"),
    ],
)
def test_a_store_that_loses_or_keeps_what_it_must_not_is_wrong(
    name: str, changed: dict[str, str], confined: bool, said: str
) -> None:
    assert _grade(judge_instance(name, InstanceState(_KEPT | changed), confined=confined), said) is Grade.WRONG


def test_an_access_list_of_another_version_is_wrong(tmp_path: Path) -> None:
    create_store_files(tmp_path, tmp_path)
    assert _grade(check_access_lists(tmp_path)) is Grade.WELL
    path = tmp_path / "store.acl"
    path.write_text(path.read_text().replace(" ~content:live", "", 1))
    assert _grade(check_access_lists(tmp_path), "another version") is Grade.WRONG


async def test_each_program_is_asked_and_one_that_does_not_answer_is_wrong(hotline: Path) -> None:
    port, *others = find_free_ports(7)
    names = ["WEBHOOKS", "WORKER", "CONSOLE_METRICS", "ACTIONS", "CONSOLE"]
    binds = {
        f"PORCHLIGHT_{name}_BIND": f"127.0.0.1:{number}" for name, number in zip(names, [port, *others], strict=False)
    }
    rasa = {"PORCHLIGHT_RASA_URLS": f"http://127.0.0.1:{others[5]}"}
    settings = load_settings({**read_hotline_folder(hotline), **binds, **rasa}, ALL)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", port):
        found = await check_programs(settings)
    assert [one.grade for one in found] == [Grade.WELL] + [Grade.WRONG] * 4
    _grade(found, "nobody is paged")
    (none,) = await check_programs(settings, "porchlight run --hotline x")
    assert none.grade is Grade.WRONG and "porchlight run --hotline x" in none.remedy, "one line, not one for each"


async def test_key_files_and_secrets_that_are_lost_open_or_old_are_seen(hotline: Path, tmp_path: Path) -> None:
    old = tmp_path / "address.key"
    create_key_file(old, NOW - timedelta(days=400))
    server = hotline / "keys" / "server.key"
    assert _grade([*check_keys({"server": server, "staff": hotline / "keys" / "staff.key"}, NOW)]) is Grade.WELL
    assert _grade([*check_keys({"address": old}, NOW)], "rotate") is Grade.LOOK
    server.chmod(0o644)
    assert _grade([*check_keys({"server": server}, NOW)], "chmod 600") is Grade.WRONG
    assert _grade([*check_keys({"staff": tmp_path / "none"}, NOW)], "enrol anew") is Grade.WRONG
    assert _grade([*check_secret_modes(hotline / "credentials")]) is Grade.WELL
    (hotline / "credentials" / "rasa_token").chmod(0o640)
    assert _grade([*check_secret_modes(hotline / "credentials")], "rasa_token") is Grade.WRONG


@pytest.mark.parametrize(("limit", "swap", "grade"), [("0", "", Grade.WELL), ("unlimited", "", Grade.WRONG),
                                                      ("0", "/dev/sda2 partition 9 0 -2\n", Grade.WRONG)])  # fmt: skip
def test_swap_and_core_dumps_are_seen(tmp_path: Path, limit: str, swap: str, grade: Grade) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "swaps").write_text(f"Filename Type Size Used Priority\n{swap}")
    (tmp_path / "7" / "cmdline").write_text("python\0-m\0app.worker\0")
    (tmp_path / "7" / "limits").write_text(
        f"Limit  Soft Limit  Hard Limit  Units\nMax core file size   {limit}  0  bytes\n"
    )
    assert _grade([*check_memory(tmp_path)]) is grade


def test_disks_clocks_and_certificates_are_graded() -> None:
    assert [_grade([judge_room("data", free)]) for free in (5 << 30, 1 << 30, 1 << 20)] == list(Grade)
    assert [_grade([judge_clock(off)]) for off in (-2.0, 20.0, -600.0)] == list(Grade)
    day = 86400.0
    assert [_grade([judge_certificate("console", left)]) for left in (60 * day, 5 * day, 0.0)] == list(Grade)
    assert _grade([judge_certificate("console", None)]) is Grade.LOOK
    assert [_grade(judge_people(number)) for number in (3, 1, 0)] == list(Grade)


def test_a_dialogue_model_that_is_damaged_or_missing_is_wrong(tmp_path: Path) -> None:
    assert _grade([*check_versions(tmp_path)], "make train") is Grade.WRONG
    models = tmp_path / "bot" / "models"
    models.mkdir(parents=True)
    (models / "m.tar.gz").write_bytes(b"x")
    (models / "MANIFEST").write_text('{"file": "m.tar.gz", "sha256": "0"}')
    assert _grade([*check_versions(tmp_path)], "damaged") is Grade.WRONG


def test_content_that_nobody_confirmed_is_told_with_what_to_do(tmp_path: Path) -> None:
    values = {"PORCHLIGHT_MODE": "live", "PORCHLIGHT_HOTLINE_NAME": "x", "PORCHLIGHT_SPOOL": "/s"}
    stores = {"PORCHLIGHT_REDIS_URL": "unix:///a", "PORCHLIGHT_KEYS_URL": "unix:///b"}
    keys = {f"PORCHLIGHT_{name}KEY_FILE": "/k" for name in ("", "ADDRESS_", "STAFF_")}
    settings = load_settings({**values, **stores, **keys}, "operator")
    found = [*judge_freshness(load_documents(), settings, NOW)]
    assert _grade(found, "lines are hidden") is Grade.WRONG
    assert "none may be served" in "\n".join(one.line() for one in found)


async def test_the_live_content_is_read_with_the_operators_own_rights(hotline: Path, stores: RealStores) -> None:
    urls = {
        "PORCHLIGHT_REDIS_URL": stores.url("store", "operator"),
        "PORCHLIGHT_KEYS_URL": stores.url("keys", "operator"),
    }
    settings = load_settings({**read_hotline_folder(hotline), **urls}, "operator")
    found = await check_content_state(settings, whole=False)
    _grade(found, "the files are served")
    assert "nobody may change content" in "\n".join(one.line() for one in found)
    assert not any("cannot be read" in one.what for one in found)


async def test_a_hotline_without_a_key_for_backups_is_told(hotline: Path) -> None:
    environ = read_hotline_folder(hotline)
    assert check_backup(load_settings(environ, ALL)) == []
    environ.pop("PORCHLIGHT_BACKUP_PUBLIC_KEY")
    assert _grade(check_backup(load_settings(environ, ALL)), "backup-init") is Grade.LOOK


async def test_providers_and_clock_are_asked_with_the_folder_alone(hotline: Path) -> None:
    async with FakeProvider() as provider:
        urls = {"TWILIO_API_URL": provider.url, "TELEGRAM_API_URL": provider.url}
        found = await check_providers({**read_hotline_folder(hotline), **urls})
        assert {one.about for one in found} >= {"twilio", "telegram", "clock"}
        assert _grade([await check_clock(provider.url)]) is Grade.WELL
    (port,) = find_free_ports(1)
    assert _grade([await check_clock(f"http://127.0.0.1:{port}")]) is Grade.LOOK


def test_doctor_prints_the_worst_first_and_its_exit_code_says_it(hotline: Path) -> None:
    shutil.rmtree(hotline / "keys")
    result = CliRunner().invoke(application, ["doctor", "--hotline", str(hotline), "--no-network"])
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0].startswith("WRONG") and " -> " in lines[0]
    assert "wrong" in lines[-1]
    assert ANSWERS["twilio_auth_token"] not in result.output
