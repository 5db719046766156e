"""The commands say what they would do, write only where they are told, and the program is off by default (G4)."""

import json
import subprocess
import sys

import pytest
import yaml
from typer.testing import CliRunner

from app.cli import application
from app.exchange_command import Given, import_places
from app.network import Bind
from app.programs import PROGRAMS, ROOT, build_instances
from app.settings import ALL, load_settings
from hotline.exchange.entry import ConfidentialPlace
from tests.exchange.world import TODAY, a_place
from tests.hotline.verified import shipped_documents


def run(*arguments):
    return CliRunner().invoke(application, ["content", *arguments])


def dry(tmp_path, *records, into=None):
    (tmp_path / "in.json").write_text(json.dumps(records))
    given = Given(hsds=tmp_path / "in.json")
    lines = import_places(shipped_documents(), given, into, region="nevada", today=TODAY, whole=False)
    return "\n".join(lines)


def test_an_export_with_a_confidential_place_writes_nothing_until_it_is_left_out_d4(tmp_path):
    refused = run("export", "--hsds", str(tmp_path / "out.json"))
    assert isinstance(refused.exception, ConfidentialPlace)
    assert not list(tmp_path.iterdir())
    assert (
        "confidential place(s) left out"
        in run("export", "--hsds", str(tmp_path / "t"), "--leave-out-confidential").output
    )
    assert (tmp_path / "t" / "datapackage.json").is_file()
    assert "6 the same" in run("import", "--hsds", str(tmp_path / "t")).output


def test_a_dry_run_shows_adds_changes_and_conflicts_and_writes_nothing(tmp_path):
    before = {path: path.stat().st_mtime_ns for path in (ROOT / "safety_content").rglob("*.yml")}
    text = dry(
        tmp_path,
        a_place(),
        {"id": "z", "name": "NPHY Drop-In Center", "status": "active", "minimum_age": 14, "maximum_age": 18},
        a_place(id="y", name="NPHY Emergency Shelter", description="At 4711 Quiet Heron."),
        {"name": "No status"},
    )
    assert 'add      "Quail Street Clinic"  [directory/nevada/quail_health: quail_street_clinic]' in text
    assert "minimum_age: 12 -> 14" in text and "is it public?" in text
    assert "Quiet Heron" not in text
    assert "4 record(s): 1 to add, 1 to change, 1 for a person to decide, 0 the same, 1 that cannot be read" in text
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_what_is_written_is_read_as_it_was_planned_and_only_into_a_new_folder(tmp_path):
    dry(tmp_path, a_place(), into=tmp_path / "new")
    written = [path.relative_to(tmp_path / "new").as_posix() for path in (tmp_path / "new").rglob("*.yml")]
    assert written == ["directory/nevada/quail_health.yml"]
    document = yaml.safe_load((tmp_path / "new" / written[0]).read_text("utf-8"))
    assert document["services"][0]["porchlight"]["hsds"] == a_place()
    with pytest.raises(FileExistsError):
        dry(tmp_path, a_place(), into=tmp_path / "new")


def test_signs_that_a_terminal_obeys_are_not_printed(tmp_path):
    ours = {"id": "z", "name": "NPHY Drop-In Center", "status": "active", "alert": "\x1b[2J\u202e"}
    text = dry(tmp_path, a_place(name="Clinic \x1b[2J\u202e"), ours)
    assert "1 to change" in text and text.isascii()
    assert all(sign.isprintable() or sign == "\n" for sign in text)


@pytest.mark.parametrize(
    "given", [[], ["--csv", "a.csv"], ["--hsds", "a.json", "--csv", "b.csv", "--columns", "c.yml"]]
)
def test_an_unclear_command_is_refused(given):
    assert isinstance(run("import", *given).exception, ValueError)


def test_a_list_in_csv_is_read_by_its_mapping(tmp_path):
    (tmp_path / "l.csv").write_text("\ufeffName,Tel,Other\nMesa Kitchen,702-555-0177,x\n", "utf-8")
    (tmp_path / "m.yml").write_text("source: S\ncolumns: {name: Name, phone: Tel}\n")
    text = run("import", "--csv", str(tmp_path / "l.csv"), "--columns", str(tmp_path / "m.yml")).output
    assert 'add      "Mesa Kitchen"' in text and 'left behind: column "Other"' in text


def test_the_read_api_is_off_unless_its_bind_is_set():
    program, environ = PROGRAMS["read_api"], {"PORCHLIGHT_MODE": "practice"}
    assert list(build_instances(program, load_settings(environ, ALL))) == []
    environ["PORCHLIGHT_READ_API_BIND"] = "127.0.0.1:8083"
    assert [i.ready_at for i in build_instances(program, load_settings(environ, ALL))] == [Bind("127.0.0.1", 8083)]
    ended = subprocess.run(
        [sys.executable, "-m", "app.read_api"],
        env={"PORCHLIGHT_MODE": "practice"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, "off by default" in ended.stderr) == (2, True)


def test_the_read_api_is_given_no_secret_and_no_store():
    """P9: whoever takes it over holds what it gives out, and nothing else."""
    from app.settings_table import SETTINGS

    given = {setting.name for setting in SETTINGS.values() if "read_api" in setting.programs}
    assert given == {"PORCHLIGHT_MODE", "PORCHLIGHT_REGION", "PORCHLIGHT_READ_API_BIND", "PORCHLIGHT_READ_API_URL"}


def test_the_unit_of_the_read_api_skips_itself_unless_its_bind_is_set_and_loads_no_secret():
    unit = (ROOT / "deploy/systemd/porchlight-read-api.service").read_text("utf-8")
    condition = next(line for line in unit.splitlines() if line.startswith("ExecCondition=")).partition("-c ")[2]
    for value, code in (("", 1), ("127.0.0.1:8083", 0)):
        tried = subprocess.run(["/bin/sh", "-c", condition.strip("'")], env={"PORCHLIGHT_READ_API_BIND": value})
        assert tried.returncode == code
    assert "LoadCredential" not in unit and "SupplementaryGroups" not in unit
