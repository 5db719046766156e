"""A program that could not begin anew stays, whatever it is that would keep it from it (R9)."""

import pytest

from app.restarting import find_door_fault


@pytest.mark.parametrize("kind", [AttributeError, TypeError, OSError, ValueError], ids=lambda kind: kind.__name__)
async def test_an_error_of_any_kind_puts_a_new_start_off(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Content of another shape than the code expects is no error that anybody thought of."""

    def fail(*_arguments: object) -> None:
        raise kind

    monkeypatch.setattr("app.settings.load_settings", fail)
    assert await find_door_fault({}) == kind.__name__
