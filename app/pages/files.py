"""Files as pages hand them out: those that somebody sent, only as what their content was found to be, and those just written."""

from __future__ import annotations

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.files import Files
from app.handing import Whole, kept
from app.pages import UNKEPT, database
from app.rules.proofs import SHOWN_INLINE
from app.services.exports import Made

SEALED = {
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}


async def handed_out(request: Request, digest: str, file_name: str, media_type: str) -> Response:
    """A kept file: a picture is shown, everything else is offered for saving under its name."""
    path = await run_in_threadpool(Files.of(database(request).settings).kept, digest)
    way = "inline" if media_type in SHOWN_INLINE else "attachment"
    headers = {"Cache-Control": "private, no-cache", **SEALED}
    return kept(request, path, digest, headers, media_type=media_type, filename=file_name, content_disposition_type=way)


def offered(made: Made) -> Response:
    """A file that was written for this answer, for saving."""
    return Whole(made.path, passing=True, media_type=made.media_type, filename=made.name, headers=UNKEPT)
