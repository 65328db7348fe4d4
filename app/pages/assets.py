"""Files of the face: served under a digest of them all, so that they are kept for ever and never stale."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from app.handing import in_one_piece

FOLDER = Path(__file__).parent.parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"


@lru_cache(maxsize=1)
def version() -> str:
    """A digest of every file. Modules import each other by relative path, so the folder carries the version, not the file."""
    made = sha256()
    for path in sorted(p for p in FOLDER.rglob("*") if p.is_file()):
        made.update(path.relative_to(FOLDER).as_posix().encode())
        made.update(path.read_bytes())
    return made.hexdigest()[:12]


def address(name: str) -> str:
    """Where a file is found: ``app.css`` → ``/static/0f3a…/app.css``."""
    return f"/static/{version()}/{name}"


class Kept(StaticFiles):
    """Static files that the browser need not ask for again."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(in_one_piece(scope), receive, send)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = FOR_EVER
        return response


def mounted() -> Mount:
    """The route to be added to the application: only the present version is there."""
    return Mount(f"/static/{version()}", Kept(directory=FOLDER), name="static")
