"""The practice phone as one web application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from phone.errors import PracticeError
from phone.guard import Guard
from phone.page import Page
from phone.practice import Practice
from phone.push.service import PushService
from phone.settings import Settings
from phone.sms import api as sms_api
from phone.sms.provider import SmsProvider
from phone.telegram import api as telegram_api
from phone.telegram.provider import TelegramProvider
from phone.worker_port import WorkerPort
from phone.world import World


def build_application(settings: Settings) -> Starlette:
    """The application: three emulators, the practice API, the page."""
    world = World(settings)
    sms, telegram = SmsProvider(world), TelegramProvider(world)
    push = PushService(world)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        opening = asyncio.create_task(world.deliveries.open())
        yield
        await opening
        await world.aclose()

    application = Starlette(
        routes=[
            Mount("/twilio", routes=sms_api.build_routes(sms)),
            Mount("/telegram", routes=telegram_api.build_routes(telegram)),
            Mount("/push", routes=push.build_routes()),
            Mount(
                "/practice",
                routes=[
                    *Practice(world, sms, telegram).build_routes(),
                    *push.build_practice_routes(),
                    *WorkerPort(world).build_routes(),
                ],
            ),
            Route("/healthz", check_health, methods=["GET"]),
            *Page(settings).build_routes(),
        ],
        middleware=[Middleware(Guard)],
        exception_handlers={PracticeError: answer_mistake},
        lifespan=lifespan,
    )
    application.state.world = world
    return application


async def check_health(request: Request) -> Response:
    """200 as soon as the phone answers at all."""
    return JSONResponse({"ok": True})


async def answer_mistake(request: Request, error: Exception) -> Response:
    """400 with what the practice request got wrong."""
    return JSONResponse({"error": str(error)}, 400)
