"""What no linter looks at: files that grew too long, and traces of one machine in a public repository.

``python scripts/check_repository.py [FOLDER]``: a line for each finding, exit code 1 if there is one.
"""

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

MOST_LINES = 300

_HOME = re.compile(r"(?<![\w.}])/(?:root|home/\w+|Users/\w+)/")
_TOP_FOLDER = re.compile(r"(?<![\w.}/])/([a-z]+)/")
_HOST = re.compile(r"py[p]i\.org|python[h]osted\.|npm[j]s\.(?:com|org)|(?:registry|deb)\.(?:npm|deb[i]an)\.?")
_UNFINISHED = re.compile(r"\b(?:TO[D]O|FI[X]ME)\b|raise NotImplemented[E]rror|\b(?:<{7}|>{7}) ")
_WORD = re.compile(r"[.]?[a-z]+(?:-[a-z]+)*")

# Names of a workplace, as the beginning of their SHA-256, so that the list does not do what it forbids.
_FOREIGN_WORDS = frozenset(
    {"94a168d2da574b00", "b06493481529746e", "8cf10d1b0e07c1d8", "fbb8037df8cc9050", "4ea91362a1443499"}
)
_FOREIGN_FOLDERS = frozenset({"00e13ed7af55b276", "c8cf701f30ad11d3"})
_BINARY = {".png", ".jpg", ".jpeg", ".gif", ".ico", ".woff", ".woff2", ".otf", ".pdf", ".gz", ".zip"}
_NOT_OURS = ("console/static/vendor/", "safety_content/schema/")


def find_problems(folder: Path) -> Iterator[str]:
    """One line for each finding in the files that git knows, or would add."""
    listed = subprocess.run(
        ["git", "-C", str(folder), "ls-files", "-co", "--exclude-standard", "-z"], capture_output=True, check=True
    ).stdout.decode()
    for name in sorted(filter(None, listed.split("\0"))):
        path = folder / name
        if path.is_file() and path.suffix not in _BINARY and not name.startswith(_NOT_OURS):
            yield from _find_in_file(name, path.read_text("utf-8", errors="replace"))


def _find_in_file(name: str, text: str) -> Iterator[str]:
    lines = text.splitlines()
    if name.endswith(".py") and len(lines) > MOST_LINES:
        yield f"{name}: {len(lines)} lines, {MOST_LINES} are the most"
    for number, line in enumerate(lines, 1):
        for problem in _find_in_line(name, line):
            yield f"{name}:{number}: {problem}"


def _find_in_line(name: str, line: str) -> Iterator[str]:
    if name.endswith(".lock") and "--hash=" in line:
        return
    if _HOME.search(line) or any(_is(word, _FOREIGN_FOLDERS) for word in _TOP_FOLDER.findall(line)):
        yield "a path of one machine"
    if _HOST.search(line):
        yield "the host of a package registry"
    if any(_is(word, _FOREIGN_WORDS) for word in _WORD.findall(line.lower())):
        yield "a word of somebody's workplace"
    if name.endswith((".py", ".sh", ".js")) and _UNFINISHED.search(line):
        yield "something unfinished"


def _is(word: str, hashes: frozenset[str]) -> bool:
    return hashlib.sha256(word.encode()).hexdigest()[:16] in hashes


def main() -> int:
    """Prints findings; 1 if there are any."""
    problems = list(find_problems(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
    for problem in problems:
        sys.stdout.write(problem + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
