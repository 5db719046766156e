"""An advocate's reply: checked, sent through the worker, and kept in the box until it is known to be on its way."""

from starlette.responses import Response

from console.access import access_conversation_by_id
from console.context import Visit
from console.guards import Guard, RouteRow
from console.ports import Command, StoreError
from console.reply_checks import find_problem

STATUSES = {"done": 200, "slow": 503, "empty": 422, "too_long": 422}


async def reply(visit: Visit) -> Response:
    """Sends ``text``. Anything but done leaves the box as it is and says what to do, without quoting it.

    ``confirmed`` is R10's second click, ``number_checked`` the one for a number that is not one of ours (A8).
    """
    listed = await access_conversation_by_id(visit)
    text = visit.form.get("text", "").replace("\r\n", "\n").strip()
    confirmed = visit.form.get("confirmed") == "yes"
    number_checked = visit.form.get("number_checked") == "yes"
    problem = find_problem(text, visit.console.is_known_number, number_checked=number_checked)
    if problem is None:
        command = Command("reply", listed.id, visit.advocate.name, text, ("near",) if confirmed else ())
        try:
            problem = await visit.console.desk.submit(command)
        except (TimeoutError, StoreError):
            problem = "slow"
    values = {"state": problem, "confirmed": confirmed, "number_checked": number_checked}
    answer = visit.console.pages.respond("parts/reply_state.html", visit.language, STATUSES.get(problem, 409), **values)
    if problem == "done":
        answer.headers["HX-Trigger"] = "replied"
    return answer


ROWS: tuple[RouteRow, ...] = (("/conversations/{conversation}/reply", reply, ("POST",), Guard("reply")),)
