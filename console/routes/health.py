"""Is this program up."""

from starlette.responses import PlainTextResponse, Response

from console.context import Visit
from console.guards import ANYBODY, RouteRow


async def show_health(visit: Visit) -> Response:
    """200 while the program answers."""
    return PlainTextResponse("ok")


ROWS: tuple[RouteRow, ...] = (("/healthz", show_health, ("GET",), ANYBODY),)
