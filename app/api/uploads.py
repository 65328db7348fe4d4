"""A file that is sent: one, as multipart/form-data, with what is said of it in the other fields; and one that is kept, handed out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.body import NotJson
from app.errors import BadRequest, Invalid
from app.files import Files, Stored
from app.handing import kept
from app.words import Word


class NotForm(NotJson):
    title = Word("Send the file as multipart/form-data")


def form_of(file: str, *, required: tuple[str, ...] = (), **others: dict[str, Any]) -> dict[str, Any]:
    """The body of an operation that takes one file, for the OpenAPI document: what the file may be, the other fields, and
    the reason."""
    why = {"type": "string", "maxLength": 500}
    sent = {"type": "string", "contentMediaType": "application/octet-stream", "description": file}
    schema = {"type": "object", "required": ["file", *required], "properties": {"file": sent, **others, "reason": why}}
    return {"multipart/form-data": {"schema": schema}}


@asynccontextmanager
async def one_form(request: Request) -> AsyncIterator[tuple[dict[str, Any], UploadFile]]:
    """What is said of the one file, and the file while it lies in the request."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise NotForm
    async with request.form(max_files=1, max_fields=10, max_part_size=64 * 1024) as form:
        values: dict[str, Any] = {}
        for name, value in form.multi_items():
            if name in values:
                raise BadRequest("The field {name} is given twice", code="duplicate_field", name=name[:80])
            values[name] = value
        file = values.pop("file", None)
        if not isinstance(file, UploadFile):
            raise Invalid.one("/file", "required", "This must be given")
        yield values, file


async def one_file(request: Request) -> tuple[dict[str, Any], Stored, str | None]:
    """What is said of the one file, the file as it is kept now, and the name it came with."""
    async with one_form(request) as (values, file):
        files = Files.of(door.database(request).settings)
        return values, await asyncio.to_thread(files.put, file.file), file.filename


SEALED = {"Cache-Control": "private, no-cache", "Content-Security-Policy": "sandbox; default-src 'none'"}
"""A file that somebody sent is never more than a file: no browser runs what is in it."""


async def handed_out(request: Request, digest: str, name: str, media_type: str) -> Response:
    """A kept file as a download. NotFound when it is kept no more."""
    path = await asyncio.to_thread(Files.of(door.database(request).settings).kept, digest)
    return kept(request, path, digest, SEALED, media_type=media_type, filename=name)
