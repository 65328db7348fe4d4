"""Undo of a whole import: what it wrote goes back where nobody has changed it since; everything else is listed."""

from __future__ import annotations

from typing import Any

import orjson

from app.desk import Desk
from app.engine import Sql
from app.errors import Conflict
from app.models import Listing, Move, Project, ProjectFacts
from app.rules.access import Act
from app.services import imports, lead_import_acts, lead_imports, people, plan_versions, reports
from app.services.drafts import OWN_LIMITS
from app.services.preparing import title

MOVED = frozenset({"ledger", "entered_ledger_on", "pending", "opening_accepted", "started_on", "completed_on"})
"""What a move writes: it goes back whole or not at all."""
LEAVING = frozenset({"disposition", "disposition_reason", "disposition_on", "destination"})
WRITTEN = frozenset(ProjectFacts.model_fields) | OWN_LIMITS | MOVED | LEAVING | {
    "industry_code", "first_planned_start_month", "baseline_start_month", "postponements", "lists", "progress_told_on",
}  # fmt: skip
"""What an import writes into a project; everything else follows from it."""
ACT_OF = Sql(
    "SELECT seq FROM act WHERE import_id = :import AND undoes IS NULL AND word = 'import.run' ORDER BY seq DESC LIMIT 1"
)
CHANGES = Sql(
    "SELECT c.row_id, c.diff, p.clear FROM change c LEFT JOIN change_private p ON p.seq = c.seq AND p.n = c.n "
    "WHERE c.seq = :seq AND c.noun = 'project' ORDER BY c.n"
)
REPORTS = Sql("SELECT row_id, diff FROM change WHERE seq = :seq AND noun = 'report'")
LATER = Sql(
    "SELECT c.row_id, c.diff, a.actor_name, a.word FROM change c JOIN act a ON a.seq = c.seq JOIN change o ON o.noun = c.noun "
    "AND o.row_id = c.row_id AND o.seq = :seq WHERE c.noun = 'project' AND c.seq > :seq ORDER BY c.seq"
)
ACCEPTANCE = frozenset({"pending", "opening_accepted"})


def undo(desk: Desk, import_id: int) -> dict[str, Any]:
    """Take an import back, its changes too. Raises Conflict when it was never committed or is undone already.

    A field that somebody changed since stays as it is now; a new project that somebody changed stays. Both are told in
    ``kept``: ``{id, code, name, fields, by}``. An accepted opening is undone only by one who may accept it.
    """
    run = imports.find(desk, import_id, to=Act.IMPORT_UNDO)
    if run.state not in ("committed", "accepted"):
        raise Conflict("There is nothing to undo: the rows are not in the register", code="not_committed")
    if orjson.loads(run.summary).get("kind") == lead_imports.KIND:
        return lead_import_acts.undo(desk, run)
    for zone_id in orjson.loads(run.summary)["zones"]:
        desk.ask(Act.IMPORT_UNDO, zone_id)
        if run.state == "accepted":
            desk.ask(Act.IMPORT_ACCEPT, zone_id)
    seq = desk.link.value(ACT_OF, {"import": import_id})
    if desk.book is not None:
        desk.book.undoes, desk.book.import_id = seq, run.id
    wrote = {
        row_id: (orjson.loads(diff), orjson.loads(clear) if clear else {})
        for row_id, diff, clear in desk.link.rows(CHANGES, {"seq": seq})
    }
    found = _Undo(desk, seq, wrote, _later(desk, seq))
    found.projects = imports.among(desk, wrote)
    for project in found.projects:
        found.take_back(project)
    found.close()
    run.state = "undone"
    facts = orjson.loads(run.summary)
    run.summary = orjson.dumps(
        {**facts, "undone": {"removed": len(found.removed), "restored": len(found.restored), "kept": found.kept[:200]}}
    ).decode()
    desk.keep(run)
    return {
        **imports.told(desk, run),
        "removed": len(found.removed),
        "restored": len(found.restored),
        "kept": found.kept,
    }


ROWS_OF = Sql("SELECT row_id FROM change WHERE seq = :seq AND noun = :noun")


def _later(desk: Desk, seq: int) -> dict[int, dict[str, str]]:
    """What was changed since in the rows of this act: row → field → by whom. That it was accepted is no change of hers."""
    later: dict[int, dict[str, str]] = {}
    for row_id, diff, name, word in desk.link.rows(LATER, {"seq": seq}):
        fields = set(orjson.loads(diff))
        if word == Act.IMPORT_ACCEPT:
            fields -= ACCEPTANCE
        later.setdefault(row_id, {}).update(
            dict.fromkeys(fields & (WRITTEN | {"ledger", "pending", "disposition"}), name)
        )
    return later


class _Undo:
    """The rows of one undo, sorted into what goes and what stays."""

    def __init__(self, desk: Desk, seq: int, wrote: dict[int, Any], later: dict[int, dict[str, str]]) -> None:
        self.desk, self.seq, self.wrote, self.later = desk, seq, wrote, later
        self.removed: list[Project] = []
        self.restored: list[Project] = []
        self.kept: list[dict[str, Any]] = []
        self.projects: list[Project] = []
        """Every project that the import touched."""
        self.back: set[int] = set()
        """Projects whose move is taken back."""

    def take_back(self, project: Project) -> None:
        id_ = project.id or 0
        diff, clear = self.wrote[id_]
        since = self.later.get(id_, {})
        if "code" in diff and diff["code"][0] is None:
            if since:
                self._keep(project, since, sorted(since))
            else:
                project.deleted_at = self.desk.now
                self.removed.append(project)
            return
        fields = [f for f in diff if f in WRITTEN]
        stay = [f for f in fields if f in since]
        if "ledger" in diff and MOVED & since.keys():
            stay += [f for f in fields if f in MOVED and f not in stay]
        for name in fields:
            if name not in stay:
                setattr(project, name, clear.get(name, diff[name])[0])
        if "ledger" in diff and "ledger" not in stay:
            self.back.add(id_)
        if len(stay) < len(fields):
            self.restored.append(project)
        if stay:
            self._keep(project, since, stay)

    def _keep(self, project: Project, since: dict[str, str], fields: list[str]) -> None:
        about = set(fields) | (MOVED if "ledger" in fields else frozenset())
        self.kept.append({
            "id": project.id, "code": project.code, "name": project.name, "fields": fields,
            "titles": [title(f, self.desk.language) for f in fields], "by": sorted({since[f] for f in about & since.keys()}),
        })  # fmt: skip

    def close(self) -> None:
        desk = self.desk
        desk.keep([*self.removed, *self.restored])
        self._unwrite()
        told = {id_: orjson.loads(diff) for id_, diff in desk.link.rows(REPORTS, {"seq": self.seq})}
        planned = [p for p in self.restored if plan_versions.PLANNED & self.wrote[p.id or 0][0].keys()]
        plan_versions.take_back(desk, self.seq, planned)
        reports.take_back(desk, self.seq, told, self.projects)
        people.follow_names(desk, self.restored, {f for p in self.restored for f in self.wrote[p.id or 0][0]})

    def _unwrite(self) -> None:
        """Lines that the import wrote into the ledger history and into lists, of projects that it no longer touches."""
        off = {p.id or 0 for p in self.restored if "lists" in self.wrote[p.id or 0][0]}
        desk = self.desk
        for model, noun, ids in ((Move, "move", self.back), (Listing, "listing", off)):
            wrote = [row_id for (row_id,) in desk.link.rows(ROWS_OF, {"seq": self.seq, "noun": noun})]
            rows: list[Any] = (
                desk.rows(model, "among", imports.by_ids(desk), imports.ids_value(desk, wrote)) if wrote else []
            )
            rows = [row for row in rows if row.project_id in ids and row.since == self.seq]
            for row in rows:
                row.deleted_at = desk.now
            if rows:
                desk.keep(rows)
