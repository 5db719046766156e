"""The way from a bare machine to two environments, with stand-ins for uv and Python that note what they are asked."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SYSTEM = ("bash", "sh", "cat", "cut", "awk", "sed", "grep", "df", "dirname", "mkdir", "rm", "tail", "wc", "id", "env",
          "getent", "flock", "printf", "head", "tr", "cp", "chmod")  # fmt: skip

UV = f"""#!/bin/bash
echo "$*" >>"$CALLS"
for name in VIRTUAL_ENV PYTHONPATH PYTHONHOME PIP_TARGET PIP_USER UV_SYSTEM_PYTHON UV_PYTHON; do
  [ -z "${{!name}}" ] || {{ echo "$name reached uv" >&2; exit 9; }}
done
case "$1 $2" in
  "--version "*) echo uv 0.13.8;;
  "python find")
    [ -z "$UV_FINDS_NOTHING" ] || {{ echo "shims/python3.12 exit 127" >&2; exit 2; }}
    echo "{sys.executable}";;
  "python install") echo "error: no route" >&2; exit 2;;
  "venv "*)
    made="${{@: -1}}/bin"; mkdir -p "$made"
    printf '#!/bin/bash\\nexec "{sys.executable}" "$@"\\n' >"$made/python"; chmod +x "$made/python";;
  "pip sync") [ -z "$UV_SYNC_SAYS" ] || {{ echo "$UV_SYNC_SAYS" >&2; exit 2; }};;
esac
"""

PYTHON_WITHOUT_VENV = """#!/bin/bash
case "$*" in
  "-m venv"*) echo "ensurepip is not available" >&2; exit 1;;
  "-m pip install --upgrade --target "*) mkdir -p "$6/bin" && cp "$UV_STANDIN" "$6/bin/uv";;
  "-c "*) exit 0;;
  *) exit 1;;
esac
"""


class Machine:
    """A copy of what setting up reads, and a PATH with nothing on it but what a bare system has."""

    def __init__(self, folder):
        self.tree, self.bin, self.home = folder / "tree", folder / "bin", folder / "home"
        for path in (self.tree / "scripts", self.tree / "bot/engine", self.bin, self.home):
            path.mkdir(parents=True)
        shutil.copy(ROOT / "scripts/bootstrap.sh", self.tree / "scripts")
        for name in (
            "requirements.lock",
            "pyproject.toml",
            "bot/engine/requirements.lock",
            "bot/engine/pyproject.toml",
        ):
            (self.tree / name).write_text("part==1.0\n")
        for name in SYSTEM:
            if path := shutil.which(name):
                (self.bin / name).symlink_to(path)
        self.calls_file = folder / "calls"
        self.uv = folder / "uv-standin"
        self.write(self.uv, UV)

    def write(self, path, text):
        path.write_text(text)
        path.chmod(0o755)

    def run(self, **environ):
        self.calls_file.write_text("")
        given = {"PATH": str(self.bin), "HOME": str(self.home), "CALLS": str(self.calls_file), **environ}
        given["UV_STANDIN"] = str(self.uv)
        script = [shutil.which("bash"), str(self.tree / "scripts/bootstrap.sh")]
        return subprocess.run(script, env=given, cwd="/", capture_output=True, text=True, timeout=60)

    @property
    def calls(self):
        return [line for line in self.calls_file.read_text().splitlines() if line != "--version"]


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.fixture
def with_uv(machine):
    machine.write(machine.bin / "uv", UV)
    return machine


def test_both_environments_are_made_from_their_locks_with_a_line_for_each_step(with_uv):
    done = with_uv.run()
    assert (done.returncode, done.stderr) == (0, "")
    syncs = [call for call in with_uv.calls if call.startswith("pip sync")]
    assert [call.rpartition(" ")[2] for call in syncs] == ["requirements.lock", "bot/engine/requirements.lock"]
    assert all("--require-hashes" in call for call in syncs)
    assert "pip install --python .venv/bin/python --no-deps --no-build-isolation -e ." in with_uv.calls
    assert done.stdout.count("done (") == 5


def test_a_second_run_does_nothing_and_says_nothing(with_uv):
    with_uv.run()
    done = with_uv.run()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert with_uv.calls == ["python find --system 3.12"]


def test_a_changed_lock_brings_its_own_environment_up_to_date_and_no_other(with_uv):
    with_uv.run()
    (with_uv.tree / "bot/engine/requirements.lock").write_text("part==2.0\n")
    assert with_uv.run().returncode == 0
    assert [call for call in with_uv.calls if not call.startswith("python find")] == [
        "pip sync --compile-bytecode --require-hashes --python bot/engine/.venv/bin/python bot/engine/requirements.lock"
    ]


def test_an_environment_whose_interpreter_is_gone_is_made_again(with_uv):
    with_uv.run()
    (with_uv.tree / ".venv/bin/python").unlink()
    with_uv.run()
    assert any(call.startswith("venv") for call in with_uv.calls)


@pytest.mark.parametrize(
    "name", ["VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_USER", "UV_SYSTEM_PYTHON", "UV_PYTHON"]
)
def test_a_variable_left_over_from_other_work_changes_nothing(with_uv, name):
    done = with_uv.run(**{name: "/somewhere/else"})
    assert (done.returncode, done.stderr) == (0, "")


def test_an_installation_that_failed_is_one_line_and_is_tried_again(with_uv):
    failed = with_uv.run(UV_SYNC_SAYS="error: Failed to fetch part\nhint: look elsewhere")
    assert failed.returncode == 1
    (line,) = failed.stderr.splitlines()
    assert "Failed to fetch part" in line
    assert with_uv.run().returncode == 0


def test_a_full_disk_is_one_clear_line(with_uv):
    failed = with_uv.run(UV_SYNC_SAYS="error: failed to write: No space left on device (os error 28)")
    assert failed.returncode == 1
    assert failed.stderr == "setup: the disk is full; make room and run again\n"


def test_too_little_room_is_said_before_anything_is_fetched(with_uv):
    (with_uv.bin / "df").unlink()
    with_uv.write(with_uv.bin / "df", "#!/bin/bash\necho Filesystem\necho /dev/x 9000000 8900000 100000 99% /\n")
    failed = with_uv.run()
    assert failed.returncode == 1
    assert "the disk is too full: 100 MB are free" in failed.stderr
    assert not any(call.startswith(("venv", "pip")) for call in with_uv.calls)


def test_a_python_without_venv_gets_uv_into_a_folder_of_ours(machine):
    machine.write(machine.bin / "python3", PYTHON_WITHOUT_VENV)
    done = machine.run()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("fetching uv ... done\n")
    assert (machine.tree / ".uv/packages/bin/uv").exists()
    assert not (machine.home / ".local").exists()


def test_a_pyenv_shim_without_a_version_behind_it_is_passed_over(machine):
    shims = machine.bin.parent / "shims"
    shims.mkdir()
    machine.write(shims / "python3", "#!/bin/bash\necho 'pyenv: python3: command not found' >&2; exit 127\n")
    machine.write(machine.bin / "python3.11", PYTHON_WITHOUT_VENV)
    done = machine.run(PATH=f"{shims}:{machine.bin}")
    assert (done.returncode, done.stderr) == (0, "")


def test_an_interpreter_that_pyenv_keeps_is_found_when_uv_finds_none(with_uv):
    kept = with_uv.home / ".pyenv/versions/3.12.1/bin"
    kept.mkdir(parents=True)
    with_uv.write(kept / "python3.12", f'#!/bin/bash\nexec "{sys.executable}" "$@"\n')
    done = with_uv.run(UV_FINDS_NOTHING="1")
    assert (done.returncode, done.stderr) == (0, "")
    assert any(str(kept / "python3.12") in call for call in with_uv.calls)


def test_no_python_and_no_curl_is_one_clear_line(machine):
    failed = machine.run()
    assert failed.returncode == 1
    (line,) = failed.stderr.splitlines()
    assert "neither Python 3 with pip or venv nor curl is here" in line


def test_a_python_without_pip_and_without_venv_is_one_clear_line(machine):
    machine.write(
        machine.bin / "python3", '#!/bin/bash\n[ "$1" = -c ] || { echo "No module named pip" >&2; exit 1; }\n'
    )
    failed = machine.run()
    assert failed.returncode == 1
    (line,) = failed.stderr.splitlines()
    assert "uv could not be fetched: No module named pip" in line


def test_no_interpreter_anywhere_says_what_to_install(with_uv):
    (with_uv.bin / "getent").unlink(missing_ok=True)
    with_uv.write(with_uv.bin / "getent", f"#!/bin/bash\necho me:x:1:1::{with_uv.home}:/bin/bash\n")
    done = with_uv.run(UV_FINDS_NOTHING="1")
    if Path("/usr/local/bin/python3.12").exists() or list(Path("/opt").glob("*/bin/python3.12")):
        assert (done.returncode, done.stderr) == (0, "")  # found where it is kept without being on PATH
    else:
        (line,) = done.stderr.splitlines()
        assert "install python3.12" in line
        assert done.returncode == 1


def test_a_copy_without_its_lock_says_so(with_uv):
    (with_uv.tree / "requirements.lock").unlink()
    failed = with_uv.run()
    assert failed.returncode == 1
    assert "requirements.lock is missing" in failed.stderr


def test_a_folder_that_cannot_be_written_is_one_clear_line(with_uv):
    (with_uv.tree / ".uv").write_text("a file where a folder should be")
    failed = with_uv.run()
    assert failed.returncode == 1
    assert failed.stderr.startswith("setup: cannot write to")
    assert len(failed.stderr.splitlines()) == 1
