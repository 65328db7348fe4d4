"""The OpenAPI 3.1 document, made from what each operation declares: the same declarations that the door goes by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import APIRouter
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import Response

from app import __version__, api
from app.api.answers import answer
from app.api.describing import Listed
from app.api.examples import EXAMPLES
from app.api.paging import tag_of
from app.api.problems import MEDIA_TYPE
from app.api.records import ProblemRead
from app.api.routing import BASE, Operation, OperationRoute, Param
from app.models.base import FOREVER
from app.models.checking import Edit

REF = "#/components/schemas/{model}"
ABOUT = """\
Every change belongs to an act; acts are numbered 1, 2, 3 … in the order of commit, and that number is the `version` of what
it changed. Amounts are whole yuan, days `2026-06-30`, months `2026-06`, moments RFC 3339; `null` is unknown, never zero.
An unknown parameter or field is refused. Errors are `application/problem+json`: `code` and `errors[].code` are stable,
sentences follow `Accept-Language` (zh-CN, en).
"""
HEADERS = {
    "ETag": "The version of this; for lists weak, over everything shown.",
    "Link": 'The next page, `rel="next"`.',
    "Location": "Where what was created is found.",
    "Idempotent-Replayed": "`true`: this was answered before under the same Idempotency-Key.",
    "Demo-Data": "`true`: this register holds invented data.",
    "Month-State": "With `month`: `locked` (its frozen snapshot; `as_of_act` names the act) or `provisional`.",
    "X-Request-Id": "The number of this request; yours if you sent one.",
}
NUMBER = {"type": "integer", "minimum": 1, "maximum": FOREVER}
ALWAYS = (400, 401, 403, 500, 503)


@lru_cache(maxsize=1)
def whole() -> dict[str, Any]:
    """The document of this program. Its operations do not change while it runs."""
    return describe(api.routers())


@lru_cache(maxsize=1)
def text() -> bytes:
    return orjson.dumps(whole())


def describe(routers: Iterable[APIRouter]) -> dict[str, Any]:
    """The document of all operations of these routers."""
    routes = [r for router in routers for r in router.routes if isinstance(r, OperationRoute)]
    shapes = _shapes(routes)
    paths: dict[str, dict[str, Any]] = {}
    parameters: dict[str, dict[str, Any]] = {}
    for route in routes:
        for method in sorted((route.methods or set()) - {"HEAD"}):
            paths.setdefault(route.path_format, {})[method.lower()] = _operation(route, method, parameters)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Sanzhang", "version": __version__, "description": ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "tags": [{"name": name} for name in dict.fromkeys(str(r.tags[0]) for r in routes)],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key: `sanzhang key add NAME --scope read`",
                }
            },
            "parameters": dict(sorted(parameters.items())),
            "headers": {name: {"description": said, "schema": {"type": "string"}} for name, said in HEADERS.items()},
            "schemas": shapes,
        },
    }


def _shapes(routes: list[OperationRoute]) -> dict[str, Any]:
    """The schema of everything taken and answered, by name. In an edit a field that is left out has no default: it stays."""
    models: dict[type[BaseModel], None] = {ProblemRead: None}
    for route in routes:
        for shape in (route.operation.body, route.operation.answer):
            model = shape.item if isinstance(shape, Listed) else shape
            if isinstance(model, type) and issubclass(model, BaseModel):
                models[model] = None
    _, made = models_json_schema([(m, "validation") for m in models], ref_template=REF)
    found: dict[str, Any] = made["$defs"]
    edits = {m.__name__ for m in models if issubclass(m, Edit)} | {"BatchProject"}
    for name in edits & found.keys():
        for field in found[name]["properties"].values():
            field.pop("default", None)
    return found


def _operation(route: OperationRoute, method: str, parameters: dict[str, dict[str, Any]]) -> dict[str, Any]:
    operation = route.operation
    said = {
        "operationId": route.endpoint.__name__,
        "tags": [str(tag) for tag in route.tags],
        "summary": operation.summary,
        "parameters": [*_path(route), *(_referred(p, parameters) for p in (*operation.query, *operation.headers))],
        "responses": _responses(route, method),
    }
    if route.description:
        said["description"] = route.description
    if operation.body is not None:
        said["requestBody"] = _body(operation)
    return said


def _path(route: OperationRoute) -> list[dict[str, Any]]:
    found = []
    for name in re.findall(r"\{(\w+)\}", route.path_format):
        schema = (
            {"type": "integer", "minimum": 1}
            if name.endswith("id") and name != "ref_id"
            else {"type": "string", "minLength": 1}
        )
        found.append({"name": name, "in": "path", "required": True, "schema": schema})
    return found


def _referred(param: Param, parameters: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A parameter under its name among the components; one of the same name that differs stands by itself."""
    said = param.described()
    key = param.name.replace(".", "_")
    if parameters.setdefault(key, said) != said:
        return said
    return {"$ref": f"#/components/parameters/{key}"}


def _body(operation: Operation) -> dict[str, Any]:
    if isinstance(operation.body, dict):
        return {"required": True, "content": operation.body}
    content: dict[str, Any] = {"schema": _schema(operation.body)}
    example = EXAMPLES.get(operation.body.__name__)
    if example is not None:
        content["example"] = example
    return {"required": True, "content": {"application/json": content}}


def _schema(shape: Any) -> dict[str, Any]:
    if isinstance(shape, Listed):
        made: dict[str, Any] = {
            "type": "object",
            "properties": {"items": {"type": "array", "items": _schema(shape.item)}, **shape.more},
            "required": ["items", *shape.more],
        }
        return made
    return dict(shape) if isinstance(shape, dict) else {"$ref": REF.format(model=shape.__name__)}


def _responses(route: OperationRoute, method: str) -> dict[str, Any]:
    operation = route.operation
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in _headers(operation, method)}
    content = {
        kind: {"schema": _schema(operation.answer) if kind == "application/json" else {"type": "string"}}
        for kind in operation.media_types
    }
    found: dict[str, Any] = {}
    for status, said in {operation.status: HTTPStatus(operation.status).phrase, **operation.also}.items():
        found[str(status)] = {"description": said, "headers": headers, "content": content}
    if method == "GET":
        found["304"] = {"description": "You have it already", "headers": headers}
    refuses = {
        *ALWAYS,
        *operation.refuses,
        *({404} if "{" in route.path_format else ()),
        *({404, 413} if operation.body is not None else ()),
    }
    problem = {MEDIA_TYPE: {"schema": _schema(ProblemRead)}}
    for status in sorted(refuses):
        found[str(status)] = {"description": HTTPStatus(status).phrase, "content": problem}
    return found


def _headers(operation: Operation, method: str) -> list[str]:
    names = ["ETag", "X-Request-Id", "Demo-Data"]
    if any(one.name == "month" for one in operation.query):
        names.append("Month-State")
    if isinstance(operation.answer, Listed):
        names.append("Link")
    if method == "POST":
        names += ["Location", "Idempotent-Replayed"]
    return names


router = APIRouter(include_in_schema=False)


@router.get(f"{BASE}/openapi.json")
async def openapi(request: Request) -> Response:
    """The document. It tells nothing about the register, so it needs no key."""
    return answer(request, text(), tag=tag_of(text()))
