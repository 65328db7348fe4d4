"""Files that go out, through either face: in one piece, known again by what they hold, and none left behind."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send


def in_one_piece(scope: Scope) -> Scope:
    """The request without ``Range``, which may be ignored: the framework refuses what it cannot read of it in words of its
    own, and a part of a workbook that is written anew each time fits no other part."""
    return {**scope, "headers": [header for header in scope["headers"] if header[0] != b"range"]}


def unchanged(request: Request, tag: str) -> bool:
    """Does the caller already hold what ``tag`` names (``If-None-Match``)?"""
    sent = request.headers.get("if-none-match")
    if sent is None:
        return False
    bare = tag.removeprefix("W/")
    return sent.strip() == "*" or any(part.strip().removeprefix("W/") == bare for part in sent.split(","))


class Whole(FileResponse):
    """A file in one piece. ``passing``: it was written for this answer, and goes with it however the answer ends."""

    def __init__(self, path: Path, *, passing: bool = False, **kw: Any) -> None:
        super().__init__(path, **kw)
        self.passing = passing
        del self.headers["accept-ranges"]

    def set_stat_headers(self, stat_result: os.stat_result) -> None:
        # Its length and no more: when a file was written says nothing of what it holds.
        self.headers.setdefault("content-length", str(stat_result.st_size))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(in_one_piece(scope), receive, send)
        finally:
            self._let_go()

    def _let_go(self) -> None:
        """At once and without waiting for a thread: who was broken off can wait for nothing any more."""
        if self.passing:
            Path(self.path).unlink(missing_ok=True)


def kept(request: Request, path: Path, digest: str, headers: dict[str, str], **kw: Any) -> Response:
    """A file that lies under its digest, which is its ETag; 304 when the caller holds it already."""
    made = {**headers, "ETag": f'"{digest[:32]}"'}
    if unchanged(request, made["ETag"]):
        return Response(status_code=304, headers=made)
    return Whole(path, headers=made, **kw)
