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

from app.api import door
from app.api.band import HEADER
from app.errors import BadRequest, Problem, Refusal, Unauthenticated

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

    @property
    def many(self) -> frozenset[str]:
        return frozenset(p.name for p in self.query if p.many)


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

    @property
    def operation(self) -> Operation:
        declared: Operation = (self.openapi_extra or {})["x-operation"]
        return declared

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        endpoint, operation = self.endpoint, self.operation
        known, many = frozenset(p.name for p in operation.query), operation.many

        async def handle(request: Request) -> Response:
            try:
                door.bearer(request)
                if request.scope["query_string"]:
                    refuse_unknown(request, known, many)
                response: Response = await endpoint(request)
            except Unauthenticated:
                raise
            except Refusal:
                # whatever else is wrong: who has no valid key is told only that
                caller = door.identifies(request)
                await door.database(request).hot(caller)
                raise
            if await request.app.state.band.look(request):
                response.headers[HEADER] = "true"
            return response

        return handle


def refuse_unknown(request: Request, known: frozenset[str], many: frozenset[str]) -> None:
    """An unknown parameter is refused, never ignored; so is one given twice that can only be meant once."""
    seen: set[str] = set()
    problems = []
    for name, value in request.query_params.multi_items():
        if name not in known:
            problems.append(Problem(f"/{name[:80]}", "unknown_parameter", "There is no parameter of this name here"))
        elif name in seen and name not in many:
            problems.append(Problem(f"/{name}", "bad_parameter", "This parameter can be given once only"))
        elif "\x00" in value or not _utf8(value):
            problems.append(Problem(f"/{name}", "bad_parameter", "Control characters are not accepted"))
        seen.add(name)
    if problems:
        raise BadRequest("A parameter of the address cannot be read", code="bad_parameter", problems=problems)


def _utf8(value: str) -> bool:
    return "\ufffd" not in value and not any(0xD800 <= ord(c) <= 0xDFFF for c in value)


def router(tag: str) -> APIRouter:
    """A router of the API; ``tag`` groups its operations in the document."""
    return APIRouter(prefix=BASE, route_class=OperationRoute, tags=[tag])
