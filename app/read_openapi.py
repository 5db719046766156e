"""The description of the read API (OpenAPI 3.1), made from the tables that serve it."""

from collections.abc import Mapping
from typing import Any

from app.read_query import PARAMETERS
from app.version import find_version

_ID = {"type": "string", "minLength": 1}
_TEXT = {"type": "string"}
_PAGE: Mapping[str, Any] = {
    "type": "object",
    "required": ["total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents"],
    "properties": {
        "total_items": {"type": "integer", "minimum": 0},
        "total_pages": {"type": "integer", "minimum": 0},
        "page_number": {"type": "integer", "minimum": 1},
        "size": {"type": "integer", "minimum": 0},
        "first_page": {"type": "boolean"},
        "last_page": {"type": "boolean"},
        "empty": {"type": "boolean"},
        "contents": {"type": "array"},
    },
}
_RECORDS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "service": (("id", "name", "status"), "A service, everything nested; Open Referral's compiled service.json."),
    "service_in_list": (("id",), "A service without what is nested below it; with minimal, id and last_modified."),
    "organization": (("id", "name", "description"), "An organization, its services nested in it."),
    "service_at_location": (("id",), "A service at one location."),
    "taxonomy": (("id", "name", "description"), "What needs are counted by."),
    "taxonomy_term": (("id", "name", "description", "code"), "One need."),
}
_PROBLEM = {
    "type": "object", "required": ["detail"], "properties": {"detail": _TEXT}, "additionalProperties": False
}  # fmt: skip


def build_description(pages: Mapping[str, tuple[str, tuple[str, ...], str]], url: str) -> dict[str, Any]:
    """The document. ``pages``: path to what it does, its parameters and the record that it gives; empty for others."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Porchlight: places for young people",
            "version": find_version(),
            "summary": "The directory of a youth hotline, by Open Referral's HSDS 3.0. To read alone.",
            "description": "No place whose address is confidential is in it, and nothing from a conversation.",
            "license": {"name": "Ask whoever runs this hotline"},
        },
        "servers": [{"url": url}],
        "paths": {path: _describe_path(path, *page) for path, page in pages.items()},
        "components": {"schemas": {name: _describe_record(*record) for name, record in _RECORDS.items()}},
    }


def _describe_path(path: str, said: str, parameters: tuple[str, ...], record: str) -> dict[str, Any]:
    described: list[dict[str, Any]] = [
        {"name": name, "in": "query", "description": PARAMETERS[name].help, "schema": PARAMETERS[name].schema}
        for name in parameters
    ]
    one = "{id}" in path
    if one:
        described.append({"name": "id", "in": "path", "required": True, "schema": _ID})
    schema: dict[str, Any] = {"type": "object"}
    if record:
        reference = {"$ref": f"#/components/schemas/{record}"}
        contents = {"properties": {"contents": {"type": "array", "items": reference}}}
        schema = reference if one else {"allOf": [_PAGE, contents]}
    answers = {
        "200": _answer("What was asked for.", schema),
        "400": _answer("A parameter that is not known or not as described.", _PROBLEM),
    }
    answers |= {"404": _answer("There is none of this id, or not any more.", _PROBLEM)} if one else {}
    answers["429"] = _answer("Too many requests; Retry-After says how many seconds to wait.", _PROBLEM)
    answers["503"] = _answer(
        "Not now: what is here could be out of date. Retry-After says when to ask again.", _PROBLEM
    )
    return {"get": {"summary": said, "operationId": _name(path), "parameters": described, "responses": answers}}


def _name(path: str) -> str:
    return "get_" + (path.strip("/").replace("/{id}", "_by_id").replace(".", "_") or "about")


def _answer(said: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": said, "content": {"application/json": {"schema": schema}}}


def _describe_record(required: tuple[str, ...], said: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": said,
        "required": list(required),
        "properties": dict.fromkeys(required, _TEXT),
    }
