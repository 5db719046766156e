import subprocess
import sys
from pathlib import Path

import pytest

CHECK = Path(__file__).resolve().parents[2] / "scripts/check_repository.py"


@pytest.fixture
def check(tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)

    def check(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return subprocess.run([sys.executable, CHECK, str(tmp_path)], capture_output=True, text=True)

    return check


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("long.py", "x = 1\n" * 300 + "x = 1", "long.py: 301 lines"),
        ("a.md", "see /" + "root/.bashrc", "a path of one machine"),
        ("a.md", "see /" + "home/ann/notes", "a path of one machine"),
        ("a.md", "see /" + "work/main", "a path of one machine"),
        ("req.lock", "--index-url https://py" + "pi.org/simple", "the host of a package registry"),
        ("a.md", "made by a sub" + "agent", "a word of somebody's workplace"),
        ("a.py", "# TO" + "DO later", "something unfinished"),
        ("a.py", "raise NotImplemented" + "Error", "something unfinished"),
    ],
)
def test_a_trace_that_does_not_belong_is_found(check, name, text, found):
    done = check(name, text + "\n")
    assert done.returncode == 1
    assert found in done.stdout


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", "x = 1\n" * 299 + "x = 1"),
        ("a.md", "POST /webhooks/sms, /usr/bin/python3, /etc/porchlight/x, it works/well, http://h/x"),
        ("req.lock", "part==1.0 \\\n    --hash=sha256:" + "0" * 64),
        ("var.md", "${root}/x and /root"),
    ],
)
def test_an_honest_file_passes(check, name, text):
    done = check(name, text + "\n")
    assert (done.returncode, done.stdout) == (0, "")


def test_what_git_ignores_is_not_looked_at(check):
    check(".gitignore", "var/\n")
    assert check("var/notes.md", "/" + "root/secret\n").returncode == 0
