"""An advocate's reply, sealed in the browser: passed on to the worker, whose answer is shown without its words."""

from starlette.responses import Response

from console.access import access_conversation_by_id
from console.context import Visit
from console.guards import Guard, RouteRow
from console.ports import Command, StoreError

STATUSES = {"done": 200, "slow": 503, "empty": 422, "too_long": 422, "unreadable": 422}
SECOND_CLICKS = {"confirmed": "near", "number_checked": "number"}
"""Field of the form to the worker's code: R10's second click, and A8's for a number that is not one of ours."""

LONGEST_SEALED = 16_000
"""Characters of base64: more than the longest reply takes, sealed."""


async def reply(visit: Visit) -> Response:
    """Passes ``sealed`` on. Anything but done leaves the box as it is and says what to do."""
    listed = await access_conversation_by_id(visit)
    sealed = visit.form.get("sealed", "")
    clicked = {field: visit.form.get(field) == "yes" for field in SECOND_CLICKS}
    codes = tuple(code for field, code in SECOND_CLICKS.items() if clicked[field])
    if not sealed:
        answer: str = "unreadable"
    elif len(sealed) > LONGEST_SEALED:
        answer = "too_long"
    else:
        try:
            answer = await visit.console.desk.submit(Command("reply", listed.id, visit.advocate.name, sealed, codes))
        except (TimeoutError, StoreError):
            answer = "slow"
    values = {"state": answer, **clicked}
    page = visit.console.pages.respond("parts/reply_state.html", visit.language, STATUSES.get(answer, 409), **values)
    if answer == "done":
        page.headers["HX-Trigger"] = "replied"
    return page


ROWS: tuple[RouteRow, ...] = (("/conversations/{conversation}/reply", reply, ("POST",), Guard("reply")),)
