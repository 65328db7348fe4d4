"""The OpenAPI document tells the truth: what it lists exists, what it shows as an example is taken, answers fit their schemas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

from app.api.examples import EXAMPLES
from app.api.questions import ANYWHERE, FILTERED
from app.api.routing import OperationRoute
from app.services.records import FIELDS
from tests.test_api_doors import Scene
from tests.web import Web


@pytest.fixture
def scene(sqlite_web: Web) -> Scene:
    return Scene(sqlite_web)


def document(web: Web) -> dict[str, Any]:
    answer = web.get("/openapi.json", key=None)
    assert answer.status_code == 200
    said: dict[str, Any] = answer.json()
    return said


def test_the_document_lists_every_route_and_nothing_else(sqlite_web: Web) -> None:
    said = document(sqlite_web)
    assert said["openapi"] == "3.1.0"
    listed = {(path, method.upper()) for path, methods in said["paths"].items() for method in methods}
    routes = [r for r in sqlite_web.app.routes if isinstance(r, OperationRoute)]
    served = {(r.path_format, m) for r in routes for m in (r.methods or set()) - {"HEAD"}}
    assert listed == served
    assert len(listed) >= 55
    assert len(served) == sum(len((r.methods or set()) - {"HEAD"}) for r in routes), "a room stands there twice"
    names = [op["operationId"] for methods in said["paths"].values() for op in methods.values()]
    assert len(set(names)) == len(names)
    assert all(
        op["summary"] and {"401", "400"} <= op["responses"].keys() for m in said["paths"].values() for op in m.values()
    )


def test_what_takes_the_version_it_read_says_that_it_may_be_stale(sqlite_web: Web) -> None:
    said, tried = document(sqlite_web), 0
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
            if "version" in said["components"]["schemas"].get(name, {}).get("properties", {}):
                tried += 1
                assert "412" in operation["responses"], (method, path)
    assert tried >= 10


def test_every_reference_in_the_document_leads_somewhere(sqlite_web: Web) -> None:
    said, followed = document(sqlite_web), 0

    def walk(part: Any) -> None:
        nonlocal followed
        if isinstance(part, dict):
            if isinstance(ref := part.get("$ref"), str):
                target: Any = said
                for step in ref.removeprefix("#/").split("/"):
                    target = target[step]
                followed += 1
            for inner in part.values():
                walk(inner)
        elif isinstance(part, list):
            for inner in part:
                walk(inner)

    walk(said)
    assert followed > 500


UNSORTED = (
    "phone", "ref", "lists", "shares", "procedures", "months_in_ledger", "light_reason", "incomplete_months", "month_report",
    "family_sums",
)  # fmt: skip


def test_every_sort_field_and_filter_that_is_listed_works(sqlite_web: Web) -> None:
    sqlite_web.project(land_mu=1)
    for name in ANYWHERE:
        assert sqlite_web.get(f"/projects?sort=-{name}&fields=id").status_code == 200, name
    for name in FIELDS:
        assert sqlite_web.get(f"/projects?fields={name}").status_code == 200, name
        inside = sqlite_web.get(f"/zones/EAST/ledgers/reserve?sort={name}&fields=id").status_code
        assert inside == (400 if name in UNSORTED else 200), name
    for name in FILTERED:
        assert sqlite_web.get(f"/projects?{name}__known=true&fields=id").status_code == 200, name


def test_every_example_is_taken(sqlite_web: Web) -> None:
    web = sqlite_web
    web.post("/zones", json={"code": "371500-ETDZ", "name": "Example Zone"})
    made = web.post("/projects", json=EXAMPLES["ProjectNew"])
    assert made.status_code == 201, made.text
    id_, version = made.json()["id"], made.json()["version"]
    tries = {
        "ProjectEdit": ("PATCH", f"/projects/{id_}"),
        "ProjectByReference": ("PUT", "/projects/by-ref/x/1"),
        "BatchNew": ("POST", "/projects/batch"),
        "DispositionNew": ("POST", f"/projects/{id_}/dispositions"),
        "OpeningEdit": ("PUT", f"/projects/{id_}/opening"),
        "PlanEdit": ("PUT", f"/projects/{id_}/plans/2026"),
        "ZoneNew": ("POST", "/zones"),
        "ZoneEdit": ("PATCH", "/zones/371500-ETDZ"),
        "IndicatorsEdit": ("PUT", "/zones/371500-ETDZ/indicators"),
        "LightRulesEdit": ("PUT", "/settings/light-rules"),
        "CaseNew": ("POST", f"/projects/{id_}/approvals"),
        "CaseBatch": ("POST", "/approvals/batch"),
        "TargetEdit": ("PUT", "/zones/371500-ETDZ/targets/2026"),
    }
    for name, (method, path) in tries.items():
        version = 2 if path == "/zones/371500-ETDZ" else made.json()["version"]
        answer = web.send(method, f"{path}?validate_only=true", json=EXAMPLES[name], version=version)
        assert answer.status_code in (200, 201, 207), (name, answer.text)
    of_leads = _examples_of_leads(web)
    assert EXAMPLES.keys() - tries.keys() - of_leads == {"ProjectNew", "MoveNew", "ReportPut", "CaseEdit"}
    case = web.post(f"/projects/{id_}/approvals", json={"step": "environment", "applied_on": "2026-06-01"}).json()
    amended = web.send(
        "PATCH", f"/projects/{id_}/approvals/{case['id']}", json=EXAMPLES["CaseEdit"], version=case["version"]
    )
    assert amended.status_code == 200, amended.text
    moved = web.post(f"/projects/{id_}/moves", json={**EXAMPLES["MoveNew"], "override": True, "reason": "example"})
    assert moved.status_code == 201, moved.text
    reported = web.put(f"/projects/{id_}/reports/{EXAMPLES['MoveNew']['on'][:7]}", json=EXAMPLES["ReportPut"])
    assert reported.status_code == 200, reported.text


def _examples_of_leads(web: Web) -> set[str]:
    web.post("/zones", json={"code": "371500-HTZ", "name": "Another Zone"})
    body = {**EXAMPLES["LeadNew"], "content": "隔膜", "keeper": "某某", "registered_on": "2026-10-01"}
    made = web.post("/leads", json=body)
    assert made.status_code == 201, made.text
    path, version = f"/leads/{made.json()['id']}", made.json()["version"]
    tries = {
        "LeadChange": ("PATCH", path, version),
        "LeadDispositionNew": ("POST", f"{path}/dispositions", version),
        "LeadTransferNew": ("POST", f"{path}/transfers", version),
        "FollowUpNew": ("POST", f"{path}/followups", version),
        "StagesEdit": ("PUT", "/settings/lead-stages", None),
        "ClockEdit": ("PUT", "/settings/lead-clock", None),
        "LeadMoveNew": ("POST", f"{path}/moves", version),
    }
    for name, (method, where, read) in tries.items():
        rehearsed = "" if name == "LeadMoveNew" else "?validate_only=true"
        answer = web.send(method, where + rehearsed, json=EXAMPLES[name], version=read)
        assert answer.status_code in (200, 201), (name, answer.text)
    landed = web.post(f"{path}/landing", json=EXAMPLES["LandingNew"])
    assert landed.status_code == 201, landed.text
    return {*tries, "LeadNew", "LandingNew"}


class Schemas:
    """The schemas of the document, compiled when first asked for."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.components = said["components"]
        self.known: dict[str, Any] = {}

    def faults(self, schema: dict[str, Any], value: Any) -> list[str]:
        key = str(schema)
        if key not in self.known:
            self.known[key] = jsonschema_rs.Draft202012Validator({**schema, "components": self.components})
        return [error.message for error in self.known[key].iter_errors(value)]


def test_every_answer_fits_the_schema_it_is_promised_under(scene: Scene) -> None:
    schemas, checked = Schemas(document(scene.web)), 0
    for path, method, operation in scene.operations():
        answer = scene.send(path, method, operation, "admin")
        promised = operation["responses"][str(answer.status_code)]
        kind = answer.headers["content-type"].partition(";")[0]
        assert kind in promised["content"] or "octet-stream" in str(promised["content"]), (path, kind)
        if kind == "application/json":
            rehearsal = method != "GET" and operation["operationId"] != "preview_handover"
            unsaid = {f'"{name}" is a required property' for name in ("id", "code", "version")} if rehearsal else set()
            faults = schemas.faults(promised["content"][kind]["schema"], answer.json())
            assert [f for f in faults if f not in unsaid] == [], (method, path)
            checked += 1
    assert checked >= 50


def test_the_document_says_nothing_of_the_register_and_is_304_when_held(sqlite_web: Web) -> None:
    answer = sqlite_web.get("/openapi.json", key=None)
    assert "East Zone" not in answer.text
    again = sqlite_web.get("/openapi.json", key=None, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


QUICK = settings(
    max_examples=2,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def shared_once(said: dict[str, Any]) -> dict[str, Any]:
    """The document with each parameter that operations share (moment, reason, key, version) left at the first that has it.

    One door reads them all; tried two hundred times over, they would refuse a request before its own fields are looked at.
    """
    tried: set[str] = set()
    for methods in said["paths"].values():
        for operation in methods.values():
            own = [p for p in operation["parameters"] if p.get("$ref") not in tried]
            tried |= {p["$ref"] for p in own if "$ref" in p}
            operation["parameters"] = own
    return said


def test_whatever_the_document_allows_is_never_an_error_of_ours(sqlite_web: Web) -> None:
    """Requests made from the document by Schemathesis, right ones and wrong ones, for every operation."""
    Scene(sqlite_web)
    said = document(sqlite_web)
    schemas = Schemas(said)
    seen: Counter[int] = Counter()
    found: Any = schemathesis.openapi.from_dict(shared_once(said)).get_all_operations()
    operations = [one.ok() for one in found]
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                strategy = operation.as_strategy(generation_mode=mode)
                QUICK(given(case=strategy)(lambda case: check_case(sqlite_web, schemas, case, seen)))()
            except Unsatisfiable:  # nothing can be wrong about this operation
                continue
    assert len(operations) == sum(len(m) for m in said["paths"].values())
    assert sum(seen.values()) > 3 * len(operations)
    assert seen[200] > 20
    assert seen[422] > 20


def file_parts(sent: Any) -> Iterator[Any]:
    """Everything inside the files of a request, however it is nested."""
    inside = sent.values() if isinstance(sent, dict) else sent if isinstance(sent, list | tuple) else None
    if inside is None:
        yield sent
        return
    for part in inside:
        yield from file_parts(part)


def check_case(web: Web, schemas: Schemas, case: Any, seen: Counter[int]) -> None:
    """Send it; the status must be one that the document promises, and the body of the promised kind and form."""
    kw = case.as_transport_kwargs(base_url="http://testserver")
    kw = {n: v for n, v in kw.items() if n in ("method", "url", "headers", "params", "json", "data", "files")}
    headers = {
        k: v for k, v in (kw.pop("headers", None) or {}).items() if k.lower() not in ("authorization", "user-agent")
    }
    if isinstance(kw.get("data"), bytes | str):
        kw["content"] = kw.pop("data")
    if not all(isinstance(part, bytes | str | None) for part in file_parts(kw.get("files"))):  # no client can send it
        return
    try:
        request = web.client.build_request(**kw, headers={**headers, "Authorization": "Bearer key-admin"})
    except (TypeError, ValueError, UnicodeError):  # what no HTTP client can send
        return
    answer = web.runner.run(web.client.send(request))
    seen[answer.status_code] += 1
    responses = case.operation.definition.raw["responses"]
    told = (request.method, str(request.url)[:300], answer.status_code, answer.text[:300])
    if answer.status_code in (404, 405) and request.url.path.rstrip("/") != str(case.formatted_path).rstrip("/"):
        return
    assert answer.status_code < 500, told
    assert str(answer.status_code) in responses, told
    promised = responses[str(answer.status_code)].get("content", {})
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if "json" in kind and kind in promised:
        unsaid = ('"id" is', '"code" is', '"version" is') if "validate_only=true" in str(request.url) else ()
        faults = [f for f in schemas.faults(promised[kind]["schema"], answer.json()) if not f.startswith(unsaid)]
        assert faults == [], told
