"""The way to a route by its first words and its length, instead of trying a hundred patterns one after the other.

``/api/v1/projects/5`` leads to the few routes that begin with ``/api/v1/projects`` and have four parts. Where the signpost
knows no way the routes behind it are tried in their order, so whatever is refused is refused as ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

WORDS = 3
Way = tuple[int, tuple[str, ...]]
"""How many parts a path has, and its first words."""


class Signpost(BaseRoute):
    """Stands in front of the routes it knows. They keep their order among each other."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._ways: dict[Way, list[Route]] = {}
        for route in routes:
            if isinstance(route, Route) and ":path}" not in route.path:
                self._ways.setdefault(_way_of(route.path), []).append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http":
            parts = scope["path"].split("/")[1:]
            for words in range(min(WORDS, len(parts)), -1, -1):
                for route in self._ways.get((len(parts), tuple(parts[:words])), ()):
                    match, found = route.matches(scope)
                    if match is Match.FULL:
                        return match, {**found, "signpost": route}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        route: Route = scope["signpost"]
        await route.handle(scope, receive, send)


def _way_of(path: str) -> Way:
    parts = path.split("/")[1:]
    return len(parts), tuple(takewhile(lambda part: "{" not in part, parts[:WORDS]))
