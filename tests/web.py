"""The application as a caller meets it: real HTTP requests to the real app over a real database, in one event loop.

``web.get("/projects", key="write")`` sends the key of the cast; paths are below ``/api/v1`` unless they begin with ``//``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import httpx
import orjson

from app.db import house
from app.desk import Desk
from app.main import create_app
from app.models import ApiKey
from app.rules.access import Act, Role
from app.services import identity
from tests.cast import Cast

BASE = "/api/v1"


class Web:
    """One application and somebody who calls it."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.app = create_app(database=cast.database)
        self.runner = asyncio.Runner()
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://testserver")

    def close(self) -> None:
        self.runner.run(self.client.aclose())
        self.runner.close()

    def _prepared(self, path: str, key: str | None, kw: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        headers = {"Accept-Language": "en", **kw.pop("headers", {})}
        if key is not None:
            headers["Authorization"] = f"Bearer {self.cast.keys.get(key, key)}"
        if (version := kw.pop("version", None)) is not None:
            headers["If-Match"] = f'"{version}"'
        if "content" in kw:
            headers.setdefault("Content-Type", "application/json")
        return path[1:] if path.startswith("//") else BASE + path, {**kw, "headers": headers}

    def send(self, method: str, path: str, *, key: str | None = "admin", **kw: Any) -> httpx.Response:
        """One request; ``version`` is what it sends as ``If-Match``."""
        return self.runner.run(self.ask(method, path, key=key, **kw))

    async def ask(self, method: str, path: str, *, key: str | None = "admin", **kw: Any) -> httpx.Response:
        """``send`` for who is in the event loop."""
        path, kw = self._prepared(path, key, kw)
        return await self.client.request(method, path, **kw)

    def together(self, requests: Iterable[tuple[str, str, dict[str, Any]]], key: str = "admin") -> list[httpx.Response]:
        """Requests at the same time; their answers in order."""

        async def all_() -> list[httpx.Response]:
            return await asyncio.gather(*(self.ask(m, p, key=key, **kw) for m, p, kw in requests))

        return self.runner.run(all_())

    def get(self, path: str, **kw: Any) -> httpx.Response:
        return self.send("GET", path, **kw)

    def post(self, path: str, **kw: Any) -> httpx.Response:
        return self.send("POST", path, **kw)

    def put(self, path: str, **kw: Any) -> httpx.Response:
        return self.send("PUT", path, **kw)

    def patch(self, path: str, **kw: Any) -> httpx.Response:
        return self.send("PATCH", path, **kw)

    def delete(self, path: str, **kw: Any) -> httpx.Response:
        return self.send("DELETE", path, **kw)

    def project(self, name: str = "Mill", zone: str = "EAST", **facts: Any) -> dict[str, Any]:
        """A new project, as the API gives it."""
        answer = self.post("/projects", json={"name": name, "zone": zone, **facts})
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def make_key(self, name: str, role: Role, zones: tuple[int, ...]) -> str:
        """A further key; its clear text."""

        def enter(desk: Desk) -> None:
            desk.ask(Act.KEY_CREATE)
            listed = orjson.dumps(zones).decode()
            desk.keep(ApiKey(name=name, key_hash=identity.digest(f"key-{name}"), role=role, zones=listed))

        self.cast.database.act_now(house(), enter)
        return f"key-{name}"
