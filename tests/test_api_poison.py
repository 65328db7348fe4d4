"""What no register should swallow, on every field of every shape, through the door: refused, or readable again. Never 500."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.models.checking import made_of
from app.models.projects import ProjectFacts
from app.models.shapes import ProjectNew, ZoneNew
from tests.web import Web

RAW: dict[str, str] = {
    "beyond 63 bits": "9223372036854775808",
    "below 63 bits": "-9223372036854775809",
    "hundreds of digits": "1" + "0" * 400,
    "endless": "1e400",
    "minus endless": "-1e400",
    "lone surrogate": '"\\ud800"',
    "NUL": '"a\\u0000b"',
    "escape": '"\\u001b[2J"',
    "very long": '"' + "x" * 70_000 + '"',
    "empty list": "[]",
    "object": "{}",
    "nested": "[" * 30 + "]" * 30,
    "number as text": '"5"',
    "fraction": "0.5",
    "true": "true",
    "negative": "-1",
    "no day": '"2026-02-30"',
    "far year": '"0001-01-01"',
    "blank": '"   "',
    "markup": '"<script>alert(1)</script>"',
    "formula": '"=1+1"',
    "right to left": '"\\u202eabc"',
}
NOT_JSON = [
    b"",
    b"{",
    b"[",
    b"{'a':1}",
    b'{"a":NaN}',
    b'{"a":Infinity}',
    b'{"a":1,}',
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"a":' + b"9" * 5000 + b"}",
]


def body(base: dict[str, Any], names: list[str], raw: str) -> bytes:
    """JSON text with the same raw value in these fields, as no JSON library would write it."""
    rest = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in base.items() if k not in names]
    return ("{" + ", ".join([*rest, *(f"{json.dumps(name)}: {raw}" for name in names)]) + "}").encode()


@pytest.mark.parametrize("named", RAW)
def test_a_poisoned_field_of_a_project_is_refused_or_readable_again(sqlite_web: Web, named: str) -> None:
    every_field(sqlite_web, named)


@pytest.mark.parametrize("named", ["beyond 63 bits", "endless", "lone surrogate", "NUL", "escape", "right to left"])
def test_both_databases_refuse_and_take_alike(web: Web, named: str) -> None:
    every_field(web, named)


def every_field(web: Web, named: str) -> None:
    """All fields at once: those refused are named, the rest is taken; what rules of several fields refuse goes one by one."""
    made, raw = web.project(), RAW[named]
    names = list(made_of(ProjectFacts, partial=True).model_fields)
    refused = attempt(web, made["id"], names, raw)
    rest = [name for name in names if name not in refused]
    again = attempt(web, made["id"], rest, raw) if rest else set()
    for name in rest if again else ():
        attempt(web, made["id"], [name], raw)
    assert len(names) == len(ProjectFacts.model_fields) > 50


def attempt(web: Web, id_: int, names: list[str], raw: str) -> set[str]:
    """Write the poison into these fields; which were refused. What is taken can be read again."""
    version = web.get(f"/projects/{id_}").json()["version"]
    answer = web.patch(f"/projects/{id_}", content=body({"reason": "a test"}, names, raw), version=version)
    told = (names, answer.status_code, answer.text[:500])
    assert answer.status_code in (200, 422), told
    if answer.status_code == 422:
        found = {error["pointer"].removeprefix("/").partition("/")[0] for error in answer.json()["errors"]}
        assert found, told
        return found
    assert web.get(f"/projects/{id_}").status_code == 200, told
    return set()


@pytest.mark.parametrize("named", RAW)
def test_a_poisoned_field_of_something_new_is_refused_or_readable_again(sqlite_web: Web, named: str) -> None:
    shapes = {
        "/projects": (ProjectNew, {"name": "New", "zone": "EAST", "reason": "a test"}),
        "/zones": (ZoneNew, {"name": "New", "code": "371500-OTHER-9"}),
    }
    for path, (shape, base) in shapes.items():
        for name in shape.model_fields:
            answer = sqlite_web.post(f"{path}?validate_only=true", content=body(base, [name], RAW[named]))
            assert answer.status_code in (201, 403, 404, 409, 422), (path, name, answer.status_code, answer.text[:300])
    other: dict[str, tuple[str, dict[str, Any]]] = {
        "/projects/batch": ("items", {}),
        f"/projects/{sqlite_web.project()['id']}/moves": ("to", {}),
        f"/projects/{sqlite_web.project()['id']}/dispositions": ("disposition", {"reason": "x"}),
    }
    for path, (name, base) in other.items():
        answer = sqlite_web.post(path, content=body(base, [name], RAW[named]))
        assert answer.status_code == 422, (path, answer.status_code, answer.text[:300])


@pytest.mark.parametrize("raw", NOT_JSON)
def test_broken_json_is_400(sqlite_web: Web, raw: bytes) -> None:
    answer = sqlite_web.post("/projects", content=raw)
    assert (answer.status_code, answer.json()["code"]) == (400, "broken_json")


def test_a_field_given_twice_is_400_and_a_body_that_is_no_object_422(sqlite_web: Web) -> None:
    twice = sqlite_web.post("/projects", content=b'{"name": "a", "zone": "EAST", "name": "b"}')
    assert (twice.status_code, twice.json()["code"]) == (400, "duplicate_field")
    inner = sqlite_web.post(
        "/projects", content=b'{"name": "a", "zone": "EAST", "ref": {"id": "1", "id": "2", "source": "s"}}'
    )
    assert inner.status_code == 400
    assert sqlite_web.post("/projects", content=b'["a"]').status_code == 422
    assert sqlite_web.post("/projects", content=b"name=a", headers={"Content-Type": "text/plain"}).status_code == 415
    assert sqlite_web.post("/projects", content=b'"' + b"x" * 9_000_000 + b'"').status_code == 413


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=1001", "limit=x", "limit=9999999999999999999999", "cursor=x", "cursor=%00", "cursor=bnVsbA", "cursor=W10",
        "sort=phone", "sort=name,name", "sort=", "sort=land_mu", "fields=phone,nothing", "fields=", "q=" + "x" * 200,
        "total_investment_yuan=x", "total_investment_yuan__gte=1e5", "land_mu=nan", "land_mu=1e999", "signed_on=2026-02-30",
        "planned_start_month=2026-13", "updated_at__gt=2026-06-30", "light=blue", "ledger=none", "deleted=maybe", "count=all",
        "as_of=2999-01-01", "as_of=yesterday", "as_of=2026-01-01T00:00:00", "month=1999-01", "list=a%25b", "phone=1",
        "name__gte=a", "pending__known=2", "name=%00", "zone=%00", "limit=1&limit=2", "id=99999999999999999999",
        "name=%ED%A0%80", "name=" + "x" * 201,
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_read_is_400(web: Web, query: str) -> None:
    answer = web.get(f"/projects?{query}")
    assert answer.status_code == 400, (query, answer.text[:300])
    assert answer.json()["code"] in ("bad_parameter", "bad_cursor")
    named = query.partition("=")[0]
    assert f"/{named}" in [error["pointer"] for error in answer.json()["errors"]], answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/zones?cursor=x", "/zones/EAST/approval-coverage?what_if=x", "/zones/EAST/approval-coverage?class=x",
        "/ledgers/reserve.xlsx?form=x", "/zones/EAST/ledgers/reserve?cursor=x",
    ],
)  # fmt: skip
def test_every_parameter_that_is_refused_is_named(sqlite_web: Web, path: str) -> None:
    answer = sqlite_web.get(path)
    named = path.partition("?")[2].partition("=")[0]
    assert answer.status_code == 400, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{named}"]
    assert answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize("reason", ["%00", "%ff", "x" * 501])
def test_a_reason_that_comes_with_a_read_is_none_of_its_business(sqlite_web: Web, reason: str) -> None:
    assert sqlite_web.get("/projects", headers={"X-Reason": reason}).status_code == 200
    assert (
        sqlite_web.post("/projects", json={"name": "x", "zone": "EAST"}, headers={"X-Reason": reason}).status_code
        >= 400
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("If-Match", "x"),
        ("Idempotency-Key", "x" * 201),
        ("Idempotency-Key", "é"),
        ("X-Reason", "%ff"),
        ("X-Reason", "x" * 501),
    ],
)
def test_a_header_that_cannot_be_read_is_refused(sqlite_web: Web, name: str, value: str) -> None:
    made = sqlite_web.project()
    method, path = (
        ("POST", f"/projects/{made['id']}/restore") if name != "If-Match" else ("DELETE", f"/projects/{made['id']}")
    )
    answer = sqlite_web.send(method, path, headers={name: value.encode("latin-1")})
    assert answer.status_code in (400, 422), answer.text
