"""What stands in for a live set opens nothing that is closed or confidential there (D4, D7)."""

from copy import deepcopy

from hotline.content_acts import close_hidden, complete, keep_closed

PATH = "directory/nevada/a"


def build_place(key: str, *, hidden: bool = False, status: str = "active") -> dict[str, object]:
    return {"key": key, "status": status, "porchlight": {"address_confidential": hidden}}


def build_documents(*places: dict[str, object], about: str = "A house.") -> dict[str, object]:
    return {PATH: {"organization": {"name": "A", "description": about}, "services": list(places)}, "numbers": {}}


def test_a_place_that_is_confidential_by_now_comes_with_what_is_said_of_its_organization_now_d4() -> None:
    """The older words may say where it is, and no record of a confidential place may."""
    old = build_documents(build_place("house"), about="Behind the station.")
    live = build_documents(build_place("house", hidden=True))
    before = deepcopy(old)
    assert keep_closed(old, live)[PATH] == live[PATH]
    assert old == before


def test_what_cannot_be_built_with_the_live_record_is_closed_d4() -> None:
    old = build_documents(build_place("house"), build_place("barn", hidden=True), build_place("inn"))
    live = build_documents(build_place("house", hidden=True), build_place("barn", hidden=True), build_place("inn"))
    assert [place["status"] for place in close_hidden(old, live)[PATH]["services"]] == [
        "temporarily closed",
        "active",
        "active",
    ]


def test_a_place_may_open_that_is_said_to_be_new_and_no_other() -> None:
    old = build_documents(build_place("house"), build_place("inn"))
    kept = keep_closed(old, build_documents(), new={"inn"})
    assert [place["status"] for place in kept[PATH]["services"]] == ["temporarily closed", "active"]


def test_a_pulled_line_stays_closed_but_for_one_that_may_never_be_hidden_there_d3_d7() -> None:
    """Closed, it would keep the documents from being served at all."""
    live = {"numbers": {"lines": {"a": {"status": "temporarily closed"}, "b": {"status": "temporarily closed"}}}}
    old = {"numbers": {"lines": {"a": {}, "b": {"never_hidden": True}}}}
    assert keep_closed(old, live) == {
        "numbers": {"lines": {"a": {"status": "temporarily closed"}, "b": {"never_hidden": True}}}
    }


def test_what_is_added_from_the_files_is_no_place_and_a_number_only_where_it_is_asked_for_d7() -> None:
    live = {PATH: {"services": []}, "numbers": {"lines": {"a": 1}}, "replies/en/a": {"replies": {"x": "ours"}}}
    files = {
        PATH: {"services": [build_place("house")]},
        "directory/nevada/b": {"services": [build_place("inn")]},
        "numbers": {"lines": {"a": 2, "b": 2}},
        "replies/en/a": {"replies": {"x": "theirs", "y": "new"}},
        "words": {"z": 1},
    }
    added = {"replies/en/a": {"replies": {"x": "ours", "y": "new"}}, "words": {"z": 1}}
    assert complete(live, files, numbers=False) == {**live, **added}
    assert complete(live, files, numbers=True) == {**live, **added, "numbers": {"lines": {"a": 1, "b": 2}}}
