"""The commands say what they would do, make one draft and no more, and the program is off by default (G4)."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from app.commands import application
from app.exchange_command import Source, export_places, import_places
from app.network import Bind
from app.programs import PROGRAMS, ROOT, build_instances
from app.settings import ALL, SettingsError, load_settings
from hotline.exchange.entry import ConfidentialPlace
from storage.content_texts import parse_text
from tests.exchange.landing import NPHY, Landing, read_shipped
from tests.exchange.world import a_place


def run(*arguments):
    return CliRunner().invoke(application, ["content", *arguments])


async def take(landing, source, *, dry_run=True, by=""):
    lines = await import_places(landing.command, source, by=by, dry_run=dry_run, region="", whole=False)
    return "\n".join(lines)


def given(tmp_path, *records):
    (tmp_path / "in.json").write_text(json.dumps(records))
    return Source(hsds=tmp_path / "in.json")


@pytest.fixture
def landing():
    return Landing(read_shipped())


async def give(landing, path, *, leave_out=False):
    return await export_places(landing.command, path, leave_out=leave_out, unpublished=False, whole=False)


async def test_an_export_with_a_confidential_place_writes_nothing_until_it_is_left_out_d4(tmp_path, landing):
    with pytest.raises(ConfidentialPlace):
        await give(landing, tmp_path / "out.json")
    assert not list(tmp_path.iterdir())
    assert any("confidential place(s) left out" in line for line in await give(landing, tmp_path / "t", leave_out=True))
    assert (tmp_path / "t" / "datapackage.json").is_file()
    assert "6 the same" in await take(landing, Source(hsds=tmp_path / "t"))


async def test_what_goes_out_is_what_is_live_and_not_what_the_files_say(tmp_path, landing):
    document = (await landing.read_live())[NPHY]
    document["services"][0]["alert"] = "Ring twice."
    await landing.change(NPHY, document)
    await give(landing, tmp_path / "out.json", leave_out=True)
    assert "Ring twice." in (tmp_path / "out.json").read_text()
    await landing.desk.pull("ben", "nphy_drop_in", "closed")
    await give(landing, tmp_path / "pulled.json", leave_out=True)
    assert "Ring twice." not in (tmp_path / "pulled.json").read_text()


async def test_a_dry_run_shows_adds_changes_and_conflicts_and_changes_nothing(tmp_path, landing):
    source = given(
        tmp_path,
        a_place(),
        {"id": "z", "name": "NPHY Drop-In Center", "status": "active", "minimum_age": 14, "maximum_age": 18},
        a_place(id="y", name="NPHY Emergency Shelter", description="At 4711 Quiet Heron."),
        {"name": "No status"},
    )
    text = await take(landing, source)
    assert 'add      "Quail Street Clinic"  [directory/nevada/quail_health: quail_street_clinic]' in text
    assert "minimum_age: 12 -> 14" in text and "is it public?" in text
    assert "Quiet Heron" not in text
    assert "4 record(s): 1 to add, 1 to change, 1 for a person to decide, 0 the same, 1 that cannot be read" in text
    assert not landing.sets.sets and not landing.sets.drafts and not landing.noted


async def test_an_import_is_one_draft_in_a_name_that_may_and_the_audit_knows(tmp_path, landing):
    source = given(tmp_path, a_place())
    with pytest.raises(ValueError, match="no account of that name"):
        await take(landing, source, dry_run=False, by="eve")
    text = await take(landing, source, dry_run=False, by="ann")
    (draft,) = await landing.sets.list_drafts()
    assert f"draft {draft.id}: 1 document(s); not live before another account has approved it" in text
    assert landing.noted == [("content_drafted", draft.id)]
    document = parse_text("it", draft.texts["directory/nevada/quail_health"])
    assert document["services"][0]["porchlight"]["hsds"] == a_place()


async def test_signs_that_a_terminal_obeys_are_not_printed(tmp_path, landing):
    ours = {"id": "z", "name": "NPHY Drop-In Center", "status": "active", "alert": "\x1b[2J\u202e"}
    text = await take(landing, given(tmp_path, a_place(name="Clinic \x1b[2J\u202e"), ours))
    assert "1 to change" in text and text.isascii()
    assert all(sign.isprintable() or sign == "\n" for sign in text)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("import --csv a.csv", "--mapping"),
        ("import --hsds a.json --csv b.csv --mapping c.yml", "--mapping"),
        ("import --mapping c.yml", "--mapping"),
        ("import --dry-run", "a dry run is for places"),
        ("import --hsds a.json", "--by"),
        ("import --hsds a.json --dry-run --approve ann", "approved in the console"),
        ("export", "say a folder"),
        ("export --hsds a.json --version 3", "as they are live"),
    ],
)
def test_an_unclear_command_is_refused(command, said):
    assert said in str(run(*command.split()).exception)


async def test_a_list_in_csv_is_read_by_its_mapping(tmp_path, landing):
    (tmp_path / "l.csv").write_text("\ufeffName,Tel,Other\nMesa Kitchen,702-555-0177,x\n", "utf-8")
    (tmp_path / "m.yml").write_text("source: S\ncolumns: {name: Name, phone: Tel}\n")
    text = await take(landing, Source(csv=tmp_path / "l.csv", mapping=tmp_path / "m.yml"))
    assert 'add      "Mesa Kitchen"' in text and 'left behind: column "Other"' in text


def test_the_read_api_is_off_unless_its_bind_is_set():
    program, environ = PROGRAMS["read_api"], {"PORCHLIGHT_MODE": "practice"}
    assert list(build_instances(program, load_settings(environ, ALL))) == []
    environ["PORCHLIGHT_READ_API_BIND"] = "127.0.0.1:8083"
    (instance,) = build_instances(program, load_settings(environ, ALL))
    assert [bind for _, bind in instance.binds] == [Bind("127.0.0.1", 8083), Bind("127.0.0.1", 9183)]
    ended = subprocess.run(
        [sys.executable, "-m", "app.read_api"],
        env={"PORCHLIGHT_MODE": "practice"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, "off by default" in ended.stderr) == (2, True)


def test_the_read_api_is_given_no_secret_but_a_user_that_reads_content():
    """P9: whoever takes it over holds content, and nothing of a texter or of staff."""
    from app.settings_table import SETTINGS

    given = {setting.name for setting in SETTINGS.values() if "read_api" in setting.programs}
    assert given - {name for name in given if "READ_API" in name} == {
        "PORCHLIGHT_MODE", "PORCHLIGHT_REGION", "PORCHLIGHT_CONTENT_URL", "PORCHLIGHT_CONTENT_SECONDS",
        "PORCHLIGHT_TRUSTED_PROXIES",
    }  # fmt: skip
    assert [s.name for s in SETTINGS.values() if s.secret and s.is_for("read_api")] == ["PORCHLIGHT_CONTENT_URL"]


def test_the_read_api_does_not_start_live_with_files_alone_d7():
    """It would go on giving out a place that was pulled."""
    environ = {"PORCHLIGHT_MODE": "live", "PORCHLIGHT_READ_API_BIND": "127.0.0.1:8083"}
    with pytest.raises(SettingsError, match="PORCHLIGHT_CONTENT_URL"):
        load_settings(environ, "read_api")


def test_the_unit_of_the_read_api_skips_itself_unless_its_bind_is_set():
    unit = (ROOT / "deploy/systemd/porchlight-read-api.service").read_text("utf-8")
    condition = next(line for line in unit.splitlines() if line.startswith("ExecCondition=")).partition("-c ")[2]
    for value, code in (("", 1), ("127.0.0.1:8083", 0)):
        tried = subprocess.run(["/bin/sh", "-c", condition.strip("'")], env={"PORCHLIGHT_READ_API_BIND": value})
        assert tried.returncode == code
