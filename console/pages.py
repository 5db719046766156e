"""Renders templates: everything escaped, nothing undefined, words of one language at a time."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
from starlette.responses import HTMLResponse

from console.assets import MODULES, VENDORED
from console.ports import IDLE_SECONDS
from console.wording import Words, pick_language

TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """Templates and words."""

    def __init__(self, words: Mapping[str, Words], *, hotline_name: str, practice: bool) -> None:
        self._words = words
        self.hotline_name = hotline_name
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            hotline_name=hotline_name, practice=practice, vendored=VENDORED, modules=MODULES, idle_seconds=IDLE_SECONDS
        )

    def pick_language(self, wanted: str) -> str:
        """The console's language nearest to what is wanted."""
        return pick_language(wanted, self._words)

    def words(self, language: str) -> Words:
        """The words of a known language."""
        return self._words[language]

    def render(self, template: str, language: str, **values: Any) -> str:
        """The template's HTML."""
        return self._environment.get_template(template).render(w=self._words[language], language=language, **values)

    def respond(self, template: str, language: str, status: int = 200, **values: Any) -> HTMLResponse:
        """The template as an answer."""
        return HTMLResponse(self.render(template, language, **values), status)
