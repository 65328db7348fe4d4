"""Who gets in: every path and method of the document, without a key, with each scope, for the own zone and another's."""

from __future__ import annotations

from typing import Any

import pytest

from app.rules.access import Role
from app.rules.chains import CHAINS
from tests import real_forms
from tests.shots import picture
from tests.web import BASE, Web

SECRET = "Secret Foundry"
BODIES: dict[str, dict[str, Any]] = {
    "create_zone": {"code": "371500-OTHER", "name": "New Zone"},
    "amend_zone": {"city": "Somewhere"},
    "put_industries": {"items": [{"code": "food", "name": "食品"}]},
    "put_indicators": {"year": 2025, "items": [{"key": "tax", "value": 1}]},
    "create_project": {"name": "Another", "zone": "EAST"},
    "amend_project": {"land_mu": 4},
    "dispose_of_project": {"disposition": "deferred", "reason": "waiting"},
    "put_opening": {"month": "2026-05", "this_year_yuan": 1},
    "put_by_reference": {"name": "By reference", "zone": "EAST"},
    "batch": {"items": [{"ref": {"source": "s", "id": "9"}, "name": "Batch", "zone": "EAST"}]},
    "transfer_project": {"to": "WEST", "reason": "the park was split"},
    "move_project": {"to": "upcoming", "override": True, "reason": "agreed"},
    "create_unit": {"name": "Port Office", "zone": "EAST"},
    "amend_unit": {"from_on": "2026-01-01"},
    "merge_unit": {"into": 2},
    "create_person": {"name": "Ann", "zone": "EAST"},
    "amend_person": {"post": "clerk"},
    "put_responsibilities": {"items": [{"role": "responsible_person", "person_id": 1}]},
    "hand_over": {"from_person_id": 1, "to_person_id": 2},
    "preview_handover": {"from_person_id": 1, "to_person_id": 2},
    "create_case": {"step": "environment", "applied_on": "2026-01-05"},
    "amend_case": {"accepted_on": "2026-01-06"},
    "batch_cases": {
        "items": [{"ref": {"source": "s", "id": "9"}, "project_ref": {"source": "erp", "id": "1"}, "step": "land"}]
    },
    "put_gates": {"approvals": {"in_construction": []}},
    "put_chains": {"chains": {"technical_upgrade": CHAINS["technical_upgrade"]["steps"]}},
    "put_plan": {"annual_yuan": 5, "reason": "issued"},
    "put_target": {"classes": [{"least_yuan": 1_000_000_000, "low": 1, "high": 2}]},
    "put_calendar": {"holidays": ["2026-12-31"]},
    "put_papers": {"scan_before_lock": False},
    "put_light_rules": {"name": "wuhan"},
    "open_year": {"reason": "a new plan year"},
    "decide_start": {"decision": "reserve", "reason": "no land yet"},
    "accept_baseline": {"of": "annual_plan_yuan", "reason": "the city agreed"},
    "open_month": {},
    "lock_month": {},
    "submit_month": {},
    "confirm_month": {},
    "return_month": {"reason": "look again"},
    "correct_report": {"field": "next_steps", "value": "roof", "reason": "typed wrongly"},
    "invite_reporters": {"persons": [1]},
    "put_report": {"invested_yuan": 1, "progress_text": "foundations"},
    "create_enterprise": {"name": "New Firm"},
    "amend_enterprise": {"origin": "elsewhere"},
    "merge_enterprise": {"into": 2},
    "put_target_firm": {"owner": "Ann"},
    "search_duplicates": {"name": "Another"},
    "create_verdict": {
        "first": {"kind": "project", "id": 1},
        "later": {"kind": "project", "id": 3},
        "verdict": "different",
        "reason": "two",
    },
    "amend_verdict": {"verdict": "expansion", "reason": "agreed"},
    "create_list": {"code": "KEY-2027", "name": "Key projects"},
    "amend_list": {"owner_unit": "Office"},
    "put_shares": {"items": [{"zone": "WEST", "percent": 40, "of": "tax"}]},
    "put_place": {"number": "7"},
    "amend_import": {"opening": True},
    "commit_import": {},
    "discard_import": {},
    "accept_import": {},
    "undo_import": {},
    "amend_form": {"grouped_by": "zone"},
    "create_lead": {"name": "Another lead", "zone": "EAST"},
    "amend_lead": {"jobs": 5},
    "move_lead": {"to": "screening", "reason": "look again"},
    "dispose_of_lead": {"disposition": "dormant", "reason": "waiting"},
    "release_lead": {},
    "transfer_lead": {"to": "WEST", "reason": "it suits them"},
    "land_lead": {},
    "add_follow_up": {"kind": "call", "told": "they come"},
    "amend_follow_up": {"place": "here"},
    "put_lead_stages": {"stages": {"lead": {"needs": [["name"]]}}},
    "put_lead_clock": {"update_days": 10},
    "amend_lead_import": {"keeper": "Li"},
    "commit_lead_import": {},
    "discard_lead_import": {},
    "create_power": {"code": "P-9", "name": "Another item"},
    "amend_power": {"department": "Water"},
    "put_delegation": {"waiting_for": "the seal"},
    "move_delegation": {"to": "taken_over", "receiving_department": "Approval office"},
    "give_delegations": {"sets": [{"zones": ["EAST"], "powers": ["P-2"]}], "form": "transfer"},
    "move_delegations": {
        "sets": [{"zones": ["EAST"], "powers": ["P-1"]}],
        "to": "taken_over",
        "receiving_department": "Approval office",
    },
    "create_boundary": {"matter": "Street lamps", "holder": "host_town"},
    "amend_boundary": {"unit_name": "North town"},
    "put_warning": {"warn_days": 30},
}
"""A body that is taken, by operation. An operation with a body that is missing here makes the test fail."""
QUERIES = {
    "read_summary": "by=zone,ledger",
    "read_gate": "to=upcoming",
    "read_lead_gate": "to=signed",
    "list_gap": "with=WEST",
}
OPENLY = {"list_delegations", "read_delegation", "list_gap"}
"""What the law publishes of every zone: a stranger reads it too."""
ON_DELETED = {"restore_project", "restore_enterprise"}
SHARED = {
    "list_enterprises", "create_enterprise", "read_enterprise", "amend_enterprise", "read_investments", "search_duplicates",
    "list_leads_of_enterprise",
}  # fmt: skip
"""About the base of enterprises, which all zones share, and the question whether a firm is known."""
REGISTRY = {
    "create_zone", "amend_zone", "put_indicators", "put_industries", "create_list", "amend_list",
    "put_calendar", "put_chains", "put_gates", "put_papers", "put_light_rules", "create_form", "amend_form", "remove_form", "restore_form",
    "put_lead_stages", "put_lead_clock",
    "create_power", "amend_power", "give_delegations", "put_warning", "import_list",
}  # fmt: skip
"""What only an admin key may do."""
OVERRIDES = {
    "release_lead",
    "move_project",
    "accept_import",
    "confirm_month",
    "return_month",
    "accept_baseline",
    "put_target",
}
WAITING = {"amend_import", "commit_import", "discard_import"}
"""About a file that waits: only who sent it sees it."""
FIRMS = {"merge_enterprise", "remove_enterprise", "restore_enterprise"}
VERDICTS = {"list_duplicates", "list_verdicts", "read_verdict", "create_verdict", "amend_verdict", "remove_verdict"}
ASKING = {"preview_handover", "search_duplicates"}
"""A body, and nothing is written."""
BEYOND = {"transfer_project", "transfer_lead", "open_month", "lock_month", "open_year"} | FIRMS | VERDICTS
"""What reaches into another zone: no key of one zone alone may, whatever its scope."""
HANDED_DOWN = {
    "put_delegation", "move_delegation", "move_delegations", "create_boundary", "amend_boundary", "remove_boundary",
}  # fmt: skip
CITY = BEYOND | HANDED_DOWN | {"return_month", "accept_baseline", "put_target"}
"""What the city office does."""
MONTHS = {
    "open_month": "2026-05", "lock_month": "2025-11", "correct_report": "2025-10", "confirm_month": "2026-03",
    "return_month": "2026-03",
}  # fmt: skip
"""A month in which the step can be made; every other operation is about February 2026."""
YEARS = {"decide_start": "2025"}
"""A year that was opened; every other operation is about 2026."""
PDF = b"%PDF-1.7 the contract"
TEN_DAY = real_forms.ten_day_blank_form()


class Scene:
    """A zone's own project and what hangs on it, and every operation as a request that its owner would send."""

    def __init__(self, web: Web) -> None:
        self.web = web
        made = web.project(SECRET, ref={"source": "erp", "id": "1"}, total_investment_yuan=1)
        gone = web.project(SECRET + " gone")
        self.deleted = web.delete(f"/projects/{gone['id']}", version=gone["version"]).json()
        self.unit, _ = (web.post("/units", json={"name": f"{SECRET} {n}", "zone": "EAST"}).json() for n in (1, 2))
        self.person, _ = (web.post("/people", json={"name": f"{SECRET} {n}", "zone": "EAST"}).json() for n in (1, 2))
        web.put(
            f"/projects/{made['id']}/responsibilities", json=BODIES["put_responsibilities"], version=made["version"]
        )
        self.firm, self.gone_firm, self.target_firm = self.firms()
        self.list = web.post("/lists", json={"code": "KEY", "name": "Key projects"}).json()
        self.place = web.put(f"/lists/KEY/projects/{made['id']}", json={"number": "1"}).json()
        self.form = self.upload("admin", name="旬报").json()
        self.powers = [web.post("/powers", json={"code": f"P-{n}", "name": f"Item {n}"}).json() for n in (1, 2)]
        private = {"form": "transfer", "waiting_for": SECRET}
        self.held = web.put("/zones/EAST/delegations/P-1", json=private).json()
        line = {"matter": f"Roads of {SECRET}", "holder": "committee"}
        self.line = web.post("/zones/EAST/boundaries", json=line).json()
        self.file = self.attach(made["id"], "admin").json()
        self.case = web.post(
            f"/projects/{made['id']}/approvals", json={"step": "filing", "applied_on": "2026-01-05"}
        ).json()
        started: dict[str, Any] = {
            "ledger": "in_construction",
            "started_on": "2026-01-01",
            "override": True,
            "reason": "agreed",
        }
        built = web.project(SECRET + " built", **started)
        answers = {"json": BODIES["put_responsibilities"], "version": built["version"]}
        web.put(f"/projects/{built['id']}/responsibilities", **answers)
        path = f"/projects/{built['id']}/reports/2026-02"
        self.report = web.put(path, json=BODIES["put_report"]).json() | {"id": built["id"]}
        self.shot = self.photo(built["id"], "admin").json()
        self.plan = web.put(f"/projects/{built['id']}/plans/2026", json={"annual_yuan": 4}).json() | {"id": built["id"]}
        path = f"/projects/{built['id']}/plans/2026"
        self.plan = web.put(path, json=BODIES["put_plan"], version=self.plan["version"]).json() | {"id": built["id"]}
        self.built = web.get(f"/projects/{built['id']}").json()
        late: dict[str, Any] = {
            "ledger": "upcoming",
            "planned_start_month": "2024-10",
            "override": True,
            "reason": "agreed",
        }
        self.late = web.project(SECRET + " late", **late)
        self.verdict = self.decided(made, self.late)
        web.post("/years/2025/open", json=BODIES["open_year"])
        for month in ("2025-10", "2025-11", "2026-02", "2026-03"):
            web.post(f"/months/{month}/open", json={})
        web.post("/months/2025-10/lock", json={})
        web.post("/zones/EAST/months/2026-02/reporters", json=BODIES["invite_reporters"])
        (self.reporter,) = web.get("/zones/EAST/months/2026-02/reporters").json()["items"]
        submitted = web.post("/zones/EAST/months/2026-03/submit", json={"reason": "not reported"})
        self.paper = submitted.json()["paper"]
        self.paper = self.scan("admin").json()
        self.waiting: dict[str | None, dict[str, Any]] = {}
        self.opening = self.import_("admin", "Opening works", opening="true")
        web.post(f"/imports/{self.opening['id']}/commit", json={})
        self.opening = web.get(f"/imports/{self.opening['id']}").json()
        self.leads()
        self.project = web.get(f"/projects/{made['id']}").json()
        self.answering = web.get(f"/projects/{made['id']}/responsibilities").json()

    def leads(self) -> None:
        """Leads as far as each operation wants them, with what hangs on the first."""
        facts: dict[str, Any] = {"name": f"{SECRET} lead", "zone": "EAST", "investor_name": SECRET, "channel": "direct"}
        facts |= {
            "intended_amount_yuan": 5,
            "content": "a mill",
            "industry": "steel",
            "screening_result": "yes",
            "keeper": "Li",
        }
        made = self.web.post("/leads", json=facts).json()
        self.follow_up = self.web.post(f"/leads/{made['id']}/followups", json=BODIES["add_follow_up"]).json()
        self.lead_file = self.attach_to_lead(made["id"], "admin").json()
        self.lead = self.web.post(f"/leads/{made['id']}/moves", json={"to": "negotiating"}).json()
        self.covered = self.web.post("/leads", json={**facts, "confidential": True, "code_name": "Petrel"}).json()
        gone = self.web.post("/leads", json=facts).json()
        came = self.send_leads("admin", called="came").json()
        self.web.post(f"/leads/imports/{came['id']}/commit", json={})
        self.leads_in = self.web.get(f"/leads/imports/{came['id']}").json()
        self.lead_gone = self.web.delete(f"/leads/{gone['id']}", version=gone["version"]).json()

    def attach_to_lead(self, id_: int, key: str | None, query: str = "") -> Any:
        files = {"file": ("contract.pdf", PDF, "application/pdf")}
        return self.web.post(f"/leads/{id_}/files{query}", key=key, files=files, data={"kind": "contract"})

    def firms(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """An enterprise (another to merge it into beside it), one that was deleted, and one on the zone's target list."""
        names = ("one", "two", "gone", "wanted")
        one, _, gone, wanted = (self.web.post("/enterprises", json={"name": f"Firm {n}"}).json() for n in names)
        deleted = self.web.delete(f"/enterprises/{gone['id']}", version=gone["version"]).json()
        return one, deleted, self.web.put(f"/zones/EAST/target-enterprises/{wanted['id']}", json={}).json()

    def decided(self, first: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
        sides = {w: {"kind": "project", "id": p["id"]} for w, p in (("first", first), ("later", later))}
        made: dict[str, Any] = self.web.post(
            "/verdicts", json={**sides, "verdict": "different", "reason": "two"}
        ).json()
        return made

    def attach(self, id_: int, key: str | None, query: str = "") -> Any:
        files = {"file": ("contract.pdf", PDF, "application/pdf")}
        return self.web.post(f"/projects/{id_}/evidence{query}", key=key, files=files, data={"kind": "contract"})

    def scan(self, key: str | None, query: str = "") -> Any:
        files = {"file": ("scan.pdf", PDF, "application/pdf")}
        return self.web.post(f"/papers/{self.paper['code']}/scan{query}", key=key, files=files)

    def photo(self, id_: int, key: str | None, query: str = "") -> Any:
        files = {"file": ("site.png", picture("PNG", colour=(1, 2, len(query))), "image/png")}
        return self.web.post(f"/projects/{id_}/reports/2026-02/photos{query}", key=key, files=files)

    def upload(self, key: str | None, query: str = "", name: str = "月报") -> Any:
        files = {"file": ("旬报.xls", TEN_DAY)}
        return self.web.post(f"/forms{query}", key=key, files=files, data={"name": name})

    def import_(self, key: str | None, name: str, query: str = "", **said: str) -> Any:
        answer = self.send_file(key, name, query, **said)
        return answer.json() if answer.status_code == 201 else None

    def send_file(self, key: str | None, name: str, query: str = "", **said: str) -> Any:
        files = {
            "file": (f"{SECRET}.csv", f"项目名称,总投资（万元）\n{name},100\nBroken,x{name}\n".encode(), "text/csv")
        }
        data = {"zone": "EAST", "ledger": "reserve", **said}
        return self.web.post(f"/imports{query}", key=key, files=files, data=data)

    def send_leads(self, key: str | None, query: str = "", called: str = "sent") -> Any:
        files = {"file": ("leads.csv", f"项目名称,投资方\n{SECRET} {called},{SECRET}\n".encode(), "text/csv")}
        return self.web.post(f"/leads/imports{query}", key=key, files=files, data={"zone": "EAST"})

    def lead_import(self, key: str | None) -> dict[str, Any]:
        """A file of leads that waits: only who sent it sees it."""
        name = f"leads of {key}"
        if name not in self.waiting:
            answer = self.send_leads(key, called="waiting")
            self.waiting[name] = answer.json() if answer.status_code == 201 else self.lead_import("admin")
        return self.waiting[name]

    def operations(self) -> list[tuple[str, str, dict[str, Any]]]:
        paths: dict[str, Any] = self.web.app.openapi()["paths"]
        return [(path, method.upper(), said) for path, methods in paths.items() for method, said in methods.items()]

    def target(self, path: str, name: str, key: str | None = "admin") -> dict[str, Any]:
        """The thing an operation is about, with its id and version."""
        if name in WAITING:
            if key not in self.waiting:
                self.waiting[key] = self.import_(key, "Waiting works") or self.target(path, name)
            return self.waiting[key]
        if "/leads/imports/" in path:
            return dict(self.leads_in if name == "read_lead_import" else self.lead_import(key))
        if "/imports/{id}" in path:
            return dict(self.opening)
        if name in ON_DELETED:
            return dict(self.gone_firm if "/enterprises/" in path else self.deleted)
        if path.startswith(f"{BASE}/verdicts"):
            return dict(self.verdict)
        if "/leads/" in path:
            chosen = {"release_lead": self.covered, "restore_lead": self.lead_gone}.get(name, self.lead)
            beside = self.follow_up if "follow_up_id" in path else self.lead_file if "file_id" in path else chosen
            return {**chosen, "version": beside["version"]}
        if name == "withdraw_reporter":
            return {"id": self.reporter["person_id"], "version": self.reporter["version"]}
        if name in ("decide_start", "accept_baseline"):
            return dict(self.late if name == "decide_start" else self.built)
        if name == "put_responsibilities":
            return {"id": self.project["id"], "version": self.answering["version"]}
        if "{list}" in path:
            version = (self.place if "{id}" in path else self.list)["version"]
            return {"id": self.project["id"], "version": version}
        kinds: dict[str, Any] = {
            "/forms": self.form,
            "/delegations/": self.held,
            "/boundaries": self.line,
            "/powers": self.powers[0],
            "{enterprise_id}": self.target_firm,
            "/enterprises": self.firm,
            "/zones": {"version": 1},
            "/units": self.unit,
            "/people": self.person,
            "/reports": self.report,
            "/plans": self.plan,
            "{paper}": self.paper,
        }
        found = next((thing for part, thing in kinds.items() if part in path), self.project)
        below = {"evidence_id": self.file, "photo_id": self.shot, "case_id": self.case}
        file = next((thing for part, thing in below.items() if part in path), found)
        return {**found, "version": file["version"]}

    def address(self, path: str, name: str, key: str | None = "admin") -> str:
        id_ = self.target(path, name, key).get("id")
        values: dict[str, Any] = {
            "id": id_,
            "code": "EAST",
            "ledger": "reserve",
            "form": "csv",
            "source": "mine",
            "ref_id": "new",
            "month": MONTHS.get(name, "2026-02"),
            "year": YEARS.get(name, "2026"),
        }
        return path.format(
            **values,
            list="KEY",
            enterprise_id=self.target_firm["enterprise_id"],
            name="旬报",
            rate="start",
            part="denominator",
            stage="lead",
            side="reached",
            evidence_id=self.file["id"],
            photo_id=self.shot["id"],
            case_id=self.case["id"],
            paper=self.paper["code"],
            follow_up_id=self.follow_up["id"],
            file_id=self.lead_file["id"],
            power="P-1",
        ).removeprefix(BASE)

    def send(self, path: str, method: str, said: dict[str, Any], key: str | None) -> Any:
        name = said["operationId"]
        query = QUERIES.get(name, "")
        if method != "GET" and name not in ASKING:
            query += "&validate_only=true"
        query = f"?{query.lstrip('&')}".rstrip("?")
        if name == "create_form":
            return self.upload(key, query)
        if name == "add_evidence":
            return self.attach(self.project["id"], key, query)
        if name == "send_leads":
            return self.send_leads(key, query)
        if name == "add_lead_file":
            return self.attach_to_lead(self.lead["id"], key, query)
        if name == "add_scan":
            return self.scan(key, query)
        if name == "add_photo":
            return self.photo(self.report["id"], key, query)
        if name == "import_list":
            files = {"file": ("list.csv", "序号,事项名称,事项类型\n1,New item,行政许可\n".encode(), "text/csv")}
            return self.web.post(f"/powers/imports{query}", key=key, files=files)
        if name == "send_import":
            return self.send_file(key, "Sent works", query)
        kw: dict[str, Any] = {} if method == "GET" else {"version": self.target(path, name, key)["version"]}
        if "requestBody" in said:
            kw["json"] = BODIES[name]
        return self.web.send(method, self.address(path, name, key) + query, key=key, **kw)


@pytest.fixture
def scene(sqlite_web: Web) -> Scene:
    return Scene(sqlite_web)


def test_every_operation_answers_401_without_a_key_and_with_a_wrong_one(scene: Scene) -> None:
    tried = 0
    for path, method, said in scene.operations():
        for key in (None, "no-such-key"):
            answer = scene.send(path, method, said, key)
            assert answer.status_code == 401, (method, path, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["www-authenticate"] == "Bearer"
            tried += 1
    assert tried == 2 * sum(len(methods) for methods in scene.web.app.openapi()["paths"].values()) >= 110


def test_no_key_is_told_first_whatever_else_is_wrong(sqlite_web: Web) -> None:
    assert sqlite_web.get("/projects?nonsense=1", key="wrong").status_code == 401
    assert sqlite_web.post("/projects", key="wrong", content=b"{").status_code == 401
    assert sqlite_web.patch("/projects/1", key="wrong", json={}).status_code == 401


def test_the_owner_may_do_all_a_reader_may_only_read_and_a_stranger_learns_nothing(scene: Scene) -> None:
    cast, make = scene.web.cast, scene.web.make_key
    keys = {
        ("own", scope): make(f"east-{scope}", role, (cast.east,))
        for scope, role in (("read", Role.KEY_READ), ("write", Role.KEY_WRITE), ("admin", Role.KEY_ADMIN))
    } | {
        ("other", scope): make(f"west-{scope}", role, (cast.west,))
        for scope, role in (("read", Role.KEY_READ), ("write", Role.KEY_WRITE), ("admin", Role.KEY_ADMIN))
    }
    granted = dict.fromkeys(keys, 0)
    for (place, scope), key in keys.items():
        for path, method, said in scene.operations():
            name = said["operationId"]
            answer = scene.send(path, method, said, key)
            told = (place, scope, method, path, answer.status_code, answer.text[:300])
            ok = answer.status_code < 300
            granted[(place, scope)] += ok
            assert answer.status_code < 500, told
            if place == "own":
                reads = method == "GET" or name == "preview_handover"
                allowed = name not in BEYOND and (
                    reads or scope == "admin" or (scope == "write" and name not in REGISTRY | OVERRIDES)
                )
                assert ok == allowed, told
                assert ok or answer.status_code in (403, 404) or (name in BEYOND and answer.status_code == 422), told
            else:
                assert SECRET not in answer.text, told
                bound = name not in SHARED | OPENLY and (
                    any(part in path for part in ("{id}", "{code}", "{paper}"))
                    or (method != "GET" and name not in REGISTRY)
                )
                assert not (bound and ok), told
                assert not bound or answer.status_code in (403, 404, 422), told
    count = len(scene.operations())
    assert granted[("own", "admin")] == count - len(BEYOND)
    assert 0 < granted[("other", "read")] < granted[("own", "read")] < granted[("own", "write")] < count


def test_other_roles_keep_their_limits_at_this_door_too(scene: Scene) -> None:
    for role in (Role.LEADER, Role.AUDITOR, Role.CITY_OFFICE, Role.ADMINISTRATOR):
        key = scene.web.make_key(f"as-{role.value}", role, ())
        for path, method, said in scene.operations():
            answer = scene.send(path, method, said, key)
            if method != "GET" and said["operationId"] not in REGISTRY | ASKING | {"put_place"}:
                if said["operationId"] in CITY | {"create_enterprise", "amend_enterprise"} and role is Role.CITY_OFFICE:
                    assert answer.status_code in (200, 201), answer.text
                    continue
                assert answer.status_code in (403, 404), (role, method, path, answer.text)


def test_what_is_not_there_and_how_it_may_be_asked(sqlite_web: Web) -> None:
    assert sqlite_web.get("/nothing").status_code == 404
    for id_ in ("0", "x", "99999999999999999999", "-1", "1e3"):
        assert sqlite_web.get(f"/projects/{id_}").status_code == 404, id_
    answer = sqlite_web.delete("/projects")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST"
    assert sqlite_web.send("HEAD", "/zones").status_code == 200


def test_an_unknown_parameter_is_refused_by_every_operation(scene: Scene) -> None:
    for path, method, said in scene.operations():
        answer = scene.web.send(method, scene.address(path, said["operationId"]) + "?pagesize=3")
        assert answer.status_code == 400, (method, path, answer.text)
        first, *others = answer.json()["errors"]
        assert (first["pointer"], first["code"]) == ("/pagesize", "unknown_parameter")
        assert all(e["detail"] == "This must be given" for e in others)


def test_health_needs_no_key(sqlite_web: Web) -> None:
    assert sqlite_web.get("//healthz", key=None).json() == {"status": "alive"}
    assert sqlite_web.get("//readyz", key=None).json() == {"status": "ready"}
