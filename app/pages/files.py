"""Files that somebody sent, handed out again only as what their content was found to be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import quote

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from app.files import CHUNK, Files
from app.pages import database
from app.rules.proofs import SHOWN_INLINE

SEALED = {
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}


async def handed_out(request: Request, digest: str, file_name: str, media_type: str, size: int) -> Response:
    """A kept file: a picture is shown, everything else is offered for saving under its name."""
    file = await run_in_threadpool(Files.of(database(request).settings).open, digest)
    way = "inline" if media_type in SHOWN_INLINE else "attachment"
    headers = {
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(file_name, safe='')}",
        "Content-Length": str(size),
        "Cache-Control": "private, no-cache",
        "ETag": f'"{digest[:32]}"',
        **SEALED,
    }
    return StreamingResponse(_pieces(file), 200, headers, media_type)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(CHUNK):
            yield piece
