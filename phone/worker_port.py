"""What the practice phone asks of the worker's private port: to move a clock, and whether all is done."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from phone.bodies import read_json
from phone.errors import PracticeError
from phone.practice import read_conversation
from phone.world import World

WORKER_SECONDS = 60.0


class WorkerPort:
    """Passes practice requests on to the worker and its answers back, unread."""

    def __init__(self, world: World) -> None:
        self._world = world

    def build_routes(self) -> list[Route]:
        """The clock and the question whether all is done."""
        return [
            Route("/clock", self.move_clock, methods=["POST"]),
            Route("/settled", self.ask_settled, methods=["GET"]),
        ]

    async def move_clock(self, request: Request) -> Response:
        """Sets a conversation's clock offset, at the worker and on the handset."""
        body = await read_json(request)
        channel, address = read_conversation(body)
        offset = body.get("offset_seconds")
        if not isinstance(offset, int | float):
            raise PracticeError("offset_seconds must be a number")
        response = await self._forward(request, "/practice/clock")
        if response.status_code < 300:
            self._world.handsets.open(channel, address).offset_seconds = float(offset)
        return response

    async def ask_settled(self, request: Request) -> Response:
        """200 when the worker has worked off everything of an address."""
        read_conversation(request.query_params)
        return await self._forward(request, "/practice/settled")

    async def _forward(self, request: Request, path: str) -> Response:
        import aiohttp  # slow to import; the session below has done it by now or does it beside the loop

        session = await self._world.deliveries.open()
        try:
            async with session.request(
                request.method,
                f"{self._world.settings.worker_url}{path}",
                params=list(request.query_params.multi_items()),
                data=await request.body(),
                headers={"Content-Type": "application/json"},
                timeout=aiohttp.ClientTimeout(total=WORKER_SECONDS),
            ) as answer:
                return Response(await answer.read(), answer.status, media_type=answer.content_type)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return JSONResponse({"error": "the worker does not answer"}, 503)
