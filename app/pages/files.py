"""Files that somebody sent, handed out again only as what their content was found to be."""

from __future__ import annotations

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from app.files import Files
from app.pages import database
from app.rules.proofs import SHOWN_INLINE

SEALED = {
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}


async def handed_out(request: Request, digest: str, file_name: str, media_type: str) -> FileResponse:
    """A kept file: a picture is shown, everything else is offered for saving under its name."""
    path = await run_in_threadpool(Files.of(database(request).settings).kept, digest)
    way = "inline" if media_type in SHOWN_INLINE else "attachment"
    headers = {"Cache-Control": "private, no-cache", "ETag": f'"{digest[:32]}"', **SEALED}
    return FileResponse(path, 200, headers, media_type, filename=file_name, content_disposition_type=way)
