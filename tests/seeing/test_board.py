"""The Grafana board: imports as it is, shows figures that there are, and names no machine and nobody."""

import json
import re
from itertools import pairwise

import jsonschema
import pytest

from tests.seeing.rules import BOARD, find_faults, load_board, run_promtool

_SOURCE = {"type": "object", "properties": {"type": {"const": "prometheus"}, "uid": {"const": "${datasource}"}},
           "required": ["type", "uid"], "additionalProperties": False}  # fmt: skip
_PLACE = {"type": "object", "required": ["h", "w", "x", "y"], "additionalProperties": False,
          "properties": {name: {"type": "integer", "minimum": 0, "maximum": 500} for name in "hwxy"}}  # fmt: skip
_TARGET = {"type": "object", "required": ["refId", "datasource", "expr", "legendFormat"], "additionalProperties": False,
           "properties": {"refId": {"pattern": "^[A-Z]$"}, "datasource": _SOURCE, "expr": {"type": "string"},
                          "legendFormat": {"type": "string"}}}  # fmt: skip
SCHEMA = {
    "type": "object",
    "required": ["uid", "title", "schemaVersion", "panels", "templating", "time"],
    "not": {"required": ["id"]},
    "properties": {
        "uid": {"type": "string", "pattern": "^[a-z0-9-]{1,40}$"},
        "schemaVersion": {"type": "integer", "minimum": 36},
        "panels": {"type": "array", "minItems": 1, "items": {
            "type": "object", "required": ["id", "type", "title", "gridPos"],
            "properties": {
                "id": {"type": "integer", "minimum": 1}, "title": {"type": "string", "minLength": 1}, "gridPos": _PLACE,
                "type": {"enum": ["row", "stat", "timeseries"]}, "datasource": _SOURCE,
                "targets": {"type": "array", "minItems": 1, "items": _TARGET},
            },
            "if": {"properties": {"type": {"const": "row"}}}, "else": {"required": ["datasource", "targets"]},
        }},
    },
}  # fmt: skip
"""What Grafana needs of a board to import it; its own schema is no package."""

BOARD_MODEL = load_board()
PANELS = [panel for panel in BOARD_MODEL["panels"] if panel["type"] != "row"]
EXPRESSIONS = sorted({target["expr"] for panel in PANELS for target in panel["targets"]})


def test_the_board_imports_into_a_grafana_that_has_never_seen_it():
    jsonschema.validate(BOARD_MODEL, SCHEMA)
    (source,) = BOARD_MODEL["templating"]["list"]
    assert (source["name"], source["type"], source["query"]) == ("datasource", "datasource", "prometheus")
    ids = [panel["id"] for panel in BOARD_MODEL["panels"]]
    assert len(ids) == len(set(ids))


def test_the_rows_are_the_questions_that_one_has():
    rows = [panel["title"] for panel in BOARD_MODEL["panels"] if panel["type"] == "row"]
    assert rows == [
        "Now", "Messages", "People waiting", "Dialogue and screening", "Providers", "Privacy", "Machines",
    ]  # fmt: skip


def test_no_panel_lies_over_another():
    places = sorted((p["gridPos"] for p in BOARD_MODEL["panels"]), key=lambda at: (at["y"], at["x"]))
    assert all(at["x"] + at["w"] <= 24 for at in places)
    for one, other in pairwise(places):
        beside = other["y"] == one["y"] and other["x"] >= one["x"] + one["w"]
        assert beside or other["y"] >= one["y"] + one["h"]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_panel_names_figures_labels_and_values_that_the_programs_show(expression):
    assert not find_faults(expression)


def test_a_legend_uses_labels_that_its_expression_keeps():
    for panel in PANELS:
        for target in panel["targets"]:
            kept = set(re.findall(r"\w+", " ".join(re.findall(r"by \(([^)]*)\)", target["expr"]))))
            assert set(re.findall(r"{{\s*(\w+)\s*}}", target["legendFormat"])) <= kept, panel["title"]


def test_the_board_names_no_machine_and_no_address():
    """P6: nothing but our own words; a link or a fixed source would be somebody's."""
    text = BOARD.read_text("utf-8")
    assert not re.search(r"https?:|\d+\.\d+\.\d+\.\d+|instance|\d{7}", text)
    assert json.loads(text)["links"] == json.loads(text)["annotations"]["list"] == []


def test_prometheus_reads_every_expression_of_the_board(tmp_path):
    rules = [{"record": "a", "expr": expression.replace("$__rate_interval", "5m")} for expression in EXPRESSIONS]
    (tmp_path / "board.yml").write_text(json.dumps({"groups": [{"name": "board", "rules": rules}]}))
    run_promtool("check", "rules", "--lint=none", str(tmp_path / "board.yml"))
