"""The pages say what is so (asserted, since pages rot)."""

import re
import tomllib
from pathlib import Path

from storage.data_map_page import data_map_page

ROOT = Path(__file__).parent.parent.parent


def test_the_data_map_is_made_from_the_table() -> None:
    assert (ROOT / "docs" / "data_map.md").read_text() == data_map_page()


def test_the_architecture_page_has_a_line_for_every_folder_of_code() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text()
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and any(path.glob("*.py"))} - {"tests", "scripts"}
    for folder in {*folders, "safety_content", "deploy"}:
        assert f"`{folder}/`" in page, folder


def test_every_file_that_a_page_links_or_names_is_there() -> None:
    pages = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "SECURITY.md", *(ROOT / "docs").glob("*.md")]
    for page in pages:
        text = page.read_text()
        linked = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
        for link in linked:
            assert (page.parent / link).exists(), f"{page.name}: {link}"
        for named in re.findall(r"`((?:tests|app|hotline|storage|console|docs|deploy)/[\w/.-]+\.(?:py|md|yml))`", text):
            assert (ROOT / named).exists(), f"{page.name}: {named}"


def test_the_readme_is_short_and_says_that_nobody_has_approved_the_words() -> None:
    text = (ROOT / "README.md").read_text()
    assert len(text.splitlines()) < 150
    assert "Nobody has approved the words yet" in text


def test_the_readme_names_the_two_commands_and_they_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in ("run", "test"):
        assert f"make {target}" in (ROOT / "README.md").read_text()
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_every_dependency_has_its_reason_in_a_decision() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    decisions = "\n".join(path.read_text() for path in (ROOT / "docs" / "decisions").glob("*.md")).lower()
    for requirement in wanted:
        name = re.split(r"[\[<>=]", requirement)[0].strip().lower()
        assert name in decisions, name
