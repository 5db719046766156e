"""``porchlight content`` over a live set, with the real files and the real checker (G3, D7)."""

import shutil
from functools import partial

import pytest

from app.content_check import check_content
from app.content_command import ContentCommand
from app.content_gate import ContentGate, Identity, find_faults
from app.content_wiring import build_content_desk
from app.print_check import find_print_faults
from app.settings import load_settings
from app.stack import Stack
from app.staff import add_account
from hotline.errors import ContentError
from storage.audit import AUDIT
from storage.connection import Store
from storage.content_files import CONTENT_FOLDER
from storage.content_texts import load_texts, parse_text, parse_texts

OURS = Identity("practice", "nevada", "Porchlight")
_QUICK_COST = 2


@pytest.fixture(scope="module")
def files():
    return load_texts(CONTENT_FOLDER)


async def test_an_operator_pulls_confirms_goes_back_and_exports_under_a_name_that_may(tmp_path, files):
    async with Stack(tmp_path / "stack", programs=(), free_ports=True) as stack:
        for name, roles in (("ann", ("admin",)), ("ben", ("supervisor",)), ("eve", ("advocate",))):
            await add_account(stack.store_url("staff"), name, "a long enough password", roles, "en", _QUICK_COST)
        settings, store = load_settings(stack.env("operator"), "operator"), Store(stack.store_url("operator"))
        command = ContentCommand(settings, build_content_desk(settings, store))
        assert await command.history() == ["no live set yet: the files serve"]
        with pytest.raises(ValueError, match="no account of that name"):
            await command.pull("eve", "rhyme", "it closed")
        assert await command.pull("ann", "rhyme", "it closed") == ["version 2 is live, without rhyme"]
        assert (await command.roll_back("ben", 1, "a test"))[0].startswith("version 3 is live")
        into = tmp_path / "out"
        await command.export(into, 0)
        changed = {name for name, text in load_texts(into).items() if text != files[name]}
        assert changed == {"directory/nevada/childrens_cabinet"}, "what was pulled stays pulled"
        assert (await command.take_files([], "x")) == (True, ["the files change nothing that is not known"])
        with pytest.raises(ContentError, match="two different people"):
            await command.take_files(["ann", "eve"], "x")
        assert [line.split("  ")[2] for line in await command.history()] == ["rollback", "pull", "files"]
        told = [line.split("  ")[3] for line in await command.history()]
        assert [line.partition(":")[0] for line in told[:2]] == ["by command line (ben)", "by command line (ann)"]
        await command.confirm("ann", "runaway")
        numbers = parse_text("numbers", (await command.desk.load_live()).texts["numbers"])
        assert numbers["lines"]["runaway"]["verified_by"] == "command line (ann)", "nobody proved to be ann"
        noted = b" ".join(await store.call("LRANGE", AUDIT, 0, -1))
        assert b"content_pulled" in noted and b"content_rolled_back" in noted
        await store.aclose()


def test_what_no_program_could_serve_is_a_fault_in_words(files):
    for path, text in (
        ("numbers", "a: 1"),
        ("keywords", "[]"),
        ("replies/en/crisis", "replies: {}\nreview: {}"),
        ("directory/nevada/eddy_house", files["directory/nevada/eddy_house"].replace("status: active", "status: odd")),
        ("screening/en", "entries: [1]"),
        ("training", "- not: closed ["),
        ("outreach", files["outreach"].replace("words: {en: HI, es: HOLA}", "words: {en: HI}")),
        ("outreach", files["outreach"].replace("  food: [", "  no_such_need: [")),
    ):
        assert find_faults({**files, path: text}, OURS, whole=False), path


def test_a_line_that_breaks_the_voice_is_a_fault_of_the_whole_checker(files, monkeypatch):
    monkeypatch.setattr("app.content_check.check_content", partial(check_content, keys={"menu"}))  # the rest is slow
    text = files["replies/en/keywords"]
    broken = {
        **files,
        "replies/en/keywords": text.replace("You can ask for a place to stay,", "Hurry! You can ask for a bed,"),
    }
    assert find_faults(broken, OURS, whole=False) == []
    assert any("exclamation" in fault for fault in find_faults(broken, OURS, whole=True))


def test_what_a_new_release_asks_for_hides_no_other_fault(files, monkeypatch):
    """Until its lines are approved the live set lacks them, and every program serves it with those of the files."""
    monkeypatch.setattr("app.content_check.check_content", partial(check_content, keys={"menu"}))  # the rest is slow
    live = dict(files)
    for path in ("replies/en/outreach", "replies/es/outreach"):
        head, _, rest = files[path].partition("  staff_how:")
        assert rest
        live[path] = head
    (lacking,) = find_faults(live, OURS, whole=True)
    assert "staff_how" in lacking
    words = files["replies/en/keywords"]
    edited = {**live, "replies/en/keywords": words.replace("You can ask for a place to stay,", "Hurry! Ask,")}
    assert {lacking} < set(find_faults(edited, OURS, whole=True))
    assert find_faults({**live, "keywords": "[]"}, OURS, whole=False) != [lacking]


def test_a_printed_word_that_tells_or_that_nobody_could_count_is_a_fault_o1_o2(files):
    documents = parse_texts(files)
    printed = documents["outreach"]
    assert list(find_print_faults(documents)) == []
    for changed, said in (
        ({"words": {"en": "RESCUE", "es": "HOLA"}}, "'rescue', which tells"),
        ({"around": {**printed["around"], "es": {"before": "auxilio", "after": "al"}}}, "'auxilio', which tells"),
        ({"site_words": ["sun", "victim"]}, "'victim', which tells"),
        ({"site_words": ["sun", "sunflowers"]}, "is no site word"),
        ({"site_words": ["sun", "stop"]}, "is a keyword"),
    ):
        (fault,) = find_print_faults({**documents, "outreach": {**printed, **changed}})
        assert said in fault


async def test_a_checker_that_does_not_answer_lets_nothing_through(files, monkeypatch):
    # Another folder would not do: where the project is installed, its modules are found from anywhere.
    monkeypatch.setattr("app.content_gate.sys.executable", shutil.which("false"))
    assert await ContentGate(OURS).check(files, False) == ["the checker did not answer; try again"]
