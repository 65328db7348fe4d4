"""The signpost leads where trying every route in order would lead, only sooner."""

from __future__ import annotations

import pytest
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from app.signpost import Signpost
from tests.web import Web

PATHS = (
    "/", "/zones", "/zones/EAST", "/zones/EAST/ledgers/reserve", "/zones/EAST/ledgers/reserve.xlsx", "/projects/5",
    "/projects/new", "/projects/5/panel", "/login", "/api/v1/projects", "/api/v1/projects/5", "/api/v1/projects/batch",
    "/api/v1/zones/EAST/ledgers/reserve", "/api/v1/zones/EAST/ledgers/reserve.csv", "/api/v1/summary", "/healthz",
    "/nowhere", "/api/v1/nowhere", "/projects/5/", "//", "/zones//ledgers/reserve", "/static/x/app.css",
)  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_it_leads_to_the_route_that_trying_all_in_order_finds(sqlite_web: Web, method: str) -> None:
    post, *routes = sqlite_web.app.router.routes
    assert isinstance(post, Signpost)
    for path in PATHS:
        scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
        found = first(routes, scope)
        match, told = post.matches(scope)
        if match is Match.FULL:
            assert told["signpost"] is found, path
        else:
            assert found is None or not hasattr(found, "methods"), path


def first(routes: list[BaseRoute], scope: Scope) -> BaseRoute | None:
    return next((route for route in routes if route.matches(scope)[0] is Match.FULL), None)
