"""One operation of the API: what it takes and answers is declared once, and both the door and the OpenAPI document read it.

``says(…)`` is handed to the router's decorators. A query parameter that is not declared is refused, so the document cannot
leave one out; a caller without a valid key learns nothing but that.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import request_response

from app.api import door
from app.api.band import HEADER
from app.api.parameters import refuse_unfit
from app.errors import Refusal, Unauthenticated

BASE = "/api/v1"


@dataclass(frozen=True)
class Param:
    """A parameter of the address or a header: its JSON schema and what it means."""

    name: str
    schema: dict[str, Any]
    description: str
    where: str = "query"
    many: bool = False
    """It may stand more than once."""
    required: bool = False

    def described(self) -> dict[str, Any]:
        schema = {"type": "array", "items": self.schema} if self.many else self.schema
        made: dict[str, Any] = {"name": self.name, "in": self.where, "schema": schema, "description": self.description}
        if self.required:
            made["required"] = True
        if self.many:
            made |= {"style": "form", "explode": True}
        return made


@dataclass(frozen=True)
class Operation:
    """What an operation takes and what it answers."""

    summary: str
    query: tuple[Param, ...] = ()
    headers: tuple[Param, ...] = ()
    body: Any = None
    """A shape, or a JSON schema with its media type."""
    answer: Any = None
    """A shape, a JSON schema, or None for no content."""
    status: int = 200
    media_types: tuple[str, ...] = ("application/json",)
    refuses: tuple[int, ...] = ()
    """Statuses beside those that every operation may answer."""
    also: dict[int, str] = field(default_factory=dict)
    """Further statuses with a body of the same shape, and what they mean."""
    example: Any = None


def says(summary: str, *, description: str | None = None, **declared: Any) -> dict[str, Any]:
    """Keyword arguments for a router's decorator: the declaration of one operation."""
    query: Sequence[Param] = declared.pop("query", ())
    operation = Operation(summary, query=tuple(query), **declared)
    return {"summary": summary, "description": description, "openapi_extra": {"x-operation": operation}}


class OperationRoute(APIRoute):
    """A route whose endpoint takes the request and nothing else; the framework has nothing to solve for it."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **kw: Any) -> None:
        methods = set(kw.pop("methods", None) or ("GET",))
        if "GET" in methods:
            methods.add("HEAD")
        super().__init__(path, endpoint, methods=methods, **kw)
        # without the two stacks that the framework opens a request for dependencies, of which there are none
        self.app = request_response(self.get_route_handler())

    @property
    def operation(self) -> Operation:
        declared: Operation = (self.openapi_extra or {})["x-operation"]
        return declared

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        endpoint, declared = self.endpoint, {p.name: p for p in self.operation.query}

        async def handle(request: Request) -> Response:
            try:
                door.bearer(request)
                if request.scope["query_string"]:
                    refuse_unfit(request, declared)
                response: Response = await endpoint(request)
            except Unauthenticated:
                raise
            except Refusal:
                # whatever else is wrong: who has no valid key is told only that
                caller = door.identifies(request)
                await door.database(request).hot(caller)
                raise
            if (state := getattr(request.state, "month_state", None)) is not None:
                response.headers[door.MONTH_STATE] = state
            if await request.app.state.band.look(request):
                response.headers[HEADER] = "true"
            return response

        return handle


def router(tag: str) -> APIRouter:
    """A router of the API; ``tag`` groups its operations in the document."""
    return APIRouter(prefix=BASE, route_class=OperationRoute, tags=[tag])
