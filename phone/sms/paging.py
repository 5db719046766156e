"""Lists as Twilio pages them."""

from typing import Any

from starlette.requests import Request


def read_number(text: str | None, default: int) -> int:
    """A whole number of a query, the default where there is none."""
    return int(text) if text and text.isdigit() else default


def paged(request: Request, name: str, items: list[Any], page: int, size: int, *, more: bool) -> dict[str, Any]:
    """One page of ``name`` as Twilio wraps it."""
    path = request.url.path.removeprefix(str(request.scope.get("root_path", "")))
    params = request.query_params

    def uri(number: int) -> str:
        query = dict(params) | {"PageSize": size, "Page": number}
        return f"{path}?{request.url.include_query_params(**query).query}"

    return {
        name: items,
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": page * size + max(len(items) - 1, 0),
        "uri": uri(page),
        "first_page_uri": uri(0),
        "next_page_uri": uri(page + 1) if more else None,
        "previous_page_uri": uri(page - 1) if page else None,
    }
