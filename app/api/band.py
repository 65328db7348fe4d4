"""A demo register says so with every answer: ``Demo-Data: true``. Looked up once a second, not once a request."""

from __future__ import annotations

import time

from starlette.requests import Request

from app.api import door
from app.db import house
from app.services.demo import is_demo

HEADER = "Demo-Data"
EVERY_SECONDS = 1.0


class Band:
    """What this process knows of whether its register holds invented data."""

    def __init__(self) -> None:
        self.shown = False
        self._looked = -EVERY_SECONDS

    async def look(self, request: Request) -> bool:
        now = time.monotonic()
        if now - self._looked >= EVERY_SECONDS:
            self._looked = now
            self.shown = await door.database(request).read(house(door="api"), is_demo)
        return self.shown
