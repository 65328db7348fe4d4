"""The composition root: one register, two faces. Knows every room; no room knows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

from app import __version__, api, refusing
from app.api import document
from app.api.band import Band
from app.cache import Cache
from app.db import Database, house
from app.engine import Link
from app.errors import Conflict
from app.logs import RequestLog
from app.pages import assets, rooms
from app.pages.csrf import SameOrigin
from app.schema import at_head
from app.security import SecurityHeaders
from app.services.demo import is_demo
from app.settings import Settings, get_settings
from app.signpost import Signpost

MIB = 1024 * 1024


class SmallerPages(GZipMiddleware):
    """Pages travel to phones, so they are compressed; the API's answers are not: that would cost more than making them."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/api/v"):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(settings: Settings | None = None, *, database: Database | None = None) -> FastAPI:
    """The application over one database. A ``database`` given from outside is not closed here."""
    settings = settings or (database.settings if database else get_settings())
    db = database or Database(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await db.slow(refuse_unmigrated)
        app.state.band.shown = await db.read(house(), is_demo)
        yield
        if database is None:
            await db.aclose()

    app = FastAPI(
        title="Sanzhang",
        version=__version__,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[
            Middleware(RequestLog),
            Middleware(SecurityHeaders, https=settings.public_url.startswith("https://")),
            Middleware(SmallerPages, minimum_size=1000, compresslevel=5),
            Middleware(refusing.LastResort),
            Middleware(SameOrigin, refuse=refusing.say, public_url=settings.public_url),
            Middleware(refusing.BodyLimit, most=(settings.max_upload_mb + 1) * MIB),
        ],
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.db = db
    app.state.band = Band()
    app.state.under_way = Counter()
    app.state.cache = Cache(0 if settings.cache == "off" else settings.cache_bytes)
    # Flat, not included: an included router is matched twice a request, and a walk over ``app.routes`` would miss its routes.
    for router in (*api.routers(), *rooms.routers()):
        app.router.routes.extend(router.routes)
    app.openapi = document.whole  # type: ignore[method-assign]
    app.router.routes.append(assets.mounted())
    app.router.routes.insert(0, Signpost(app.router.routes))
    refusing.install(app)
    return app


def refuse_unmigrated(link: Link) -> None:
    """A database that is not at this program's schema is not served."""
    try:
        current = at_head(link)
    except Exception as error:  # no such table: an empty database; or one that cannot be read at all
        raise Conflict("This database has no register yet; run: sanzhang migrate", code="unmigrated") from error
    if not current:
        raise Conflict("This database's schema is not this program's; run: sanzhang migrate", code="unmigrated")
