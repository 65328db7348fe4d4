"""Files that came in and wait: received, chosen about, put aside, confirmed. What is in the register already is ``imports``.

Nothing is staged: a preview is made of the file, the choices and the register as it stands, each time it is asked for.
"""

from __future__ import annotations

from typing import Any

import orjson

from app.desk import Desk
from app.engine import Sql
from app.errors import Conflict, Invalid
from app.models import Import, Project
from app.rules.access import Act
from app.services import imports, zones
from app.services.conflicts import MINE, THEIRS
from app.services.imports import find, told
from app.services.preparing import LEAVE_OUT, Choices, ledger_named, spellings

JOB = "import"
MANY = 2000
"""Rows from which on a confirmed import is the worker's: nobody waits in a browser for more."""
PROGRESS = Sql(
    "SELECT state, step, done, total, sentence FROM job WHERE kind = 'import' AND arguments = :arguments ORDER BY id DESC LIMIT 1"
)


def receive(desk: Desk, digest: str, file_name: str, choices: dict[str, Any] | None = None) -> dict[str, Any]:
    """A file was put and could be read: it waits for its confirmation. Only its sender sees it until then."""
    desk.ask(Act.IMPORT_RUN)
    facts = {
        "sender": [desk.actor.kind, desk.actor.id],
        "by": desk.actor.name,
        "choices": _checked(desk, choices or {}),
    }
    run = Import(
        digest=digest, file_name=file_name[-200:] or "?", state="waiting", summary=orjson.dumps(facts).decode()
    )
    desk.keep(run)
    return told(desk, run)


def look(desk: Desk, import_id: int) -> dict[str, Any]:
    """What a preview begins with: the record, the choices, and the names of the zones."""
    run = find(desk, import_id)
    facts = orjson.loads(run.summary)
    progress = None
    if run.state == "confirmed":
        row = desk.link.row(PROGRESS, {"arguments": _arguments(import_id)})
        progress = dict(zip(("state", "step", "done", "total", "sentence"), row, strict=True)) if row else None
    return {
        **told(desk, run), "choices": facts.get("choices", {}), "left": facts.get("left", []), "undone": facts.get("undone"),
        "problem": facts.get("problem"), "names": spellings(desk), "progress": progress,
    }  # fmt: skip


def _arguments(import_id: int) -> str:
    return orjson.dumps({"import_id": import_id}).decode()


def choices_of(said: dict[str, Any]) -> Choices:
    """The choices as they are kept."""
    return Choices(
        zone=said.get("zone"), ledger=said.get("ledger"), force=bool(said.get("force")), opening=bool(said.get("opening")),
        sheets=said.get("sheets", {}), rows=said.get("rows", {}), cells=said.get("cells", {}),
    )  # fmt: skip


def choose(desk: Desk, import_id: int, said: dict[str, Any]) -> dict[str, Any]:
    """Keep what a person decided: ``opening``; ``sheets`` {name: zone, ledger, force, skip}; ``rows`` {sheet!row: id, 0, -1};
    ``cells`` {sheet!row!field: mine, theirs}.

    What is not named stays; None takes a decision back.
    """
    run = _waiting(desk, import_id)
    facts = orjson.loads(run.summary)
    known = facts.get("choices", {})
    given = _checked(desk, said)
    for name in ("sheets", "rows", "cells"):
        merged = {**known.get(name, {}), **given.pop(name, {})}
        known[name] = {k: v for k, v in merged.items() if v is not None}
    facts["choices"] = {**known, **given}
    facts.pop("problem", None)
    run.summary = orjson.dumps(facts).decode()
    desk.keep(run)
    return told(desk, run)


def _checked(desk: Desk, said: dict[str, Any]) -> dict[str, Any]:
    """Only what can be chosen: known zones, ledgers, decisions."""
    for chosen in (said, *(s for s in said.get("sheets", {}).values() if s)):
        if chosen.get("zone"):
            zones.id_of(desk, chosen["zone"])
        if chosen.get("ledger"):
            ledger_named(chosen["ledger"])
    for place, decided in said.get("rows", {}).items():
        if "!" not in place or len(place) > 300 or not (decided is None or decided >= LEAVE_OUT):
            raise Invalid.one("/rows", "malformed", "This is no decision about a row")
    for place, decided in said.get("cells", {}).items():
        if place.count("!") < 2 or len(place) > 300 or decided not in (None, MINE, THEIRS):
            raise Invalid.one("/cells", "malformed", "This is no decision about a cell")
    return dict(said)


def discard(desk: Desk, import_id: int) -> dict[str, Any]:
    """Put a waiting file aside; it will not come in."""
    run = _waiting(desk, import_id)
    run.state = "discarded"
    desk.keep(run)
    return told(desk, run)


def confirm(desk: Desk, import_id: int, seen: int | None) -> dict[str, Any]:
    """A large import is brought in by the worker, as her and with her reason: it survives a restart and happens once."""
    run = _waiting(desk, import_id)
    facts = orjson.loads(run.summary)
    facts |= {"confirmed": {"seen": seen, "reason": desk.reason, "language": desk.language}}
    run.state, run.summary = "confirmed", orjson.dumps(facts).decode()
    desk.keep(run)
    desk.later.append((JOB, {"import_id": import_id}))
    return told(desk, run)


def confirmed(desk: Desk, import_id: int) -> dict[str, Any]:
    """What she confirmed: the act she had seen, her reason, her language."""
    found: dict[str, Any] = orjson.loads(find(desk, import_id).summary)["confirmed"]
    return found


def failed(desk: Desk, import_id: int, problem: str) -> None:
    """The worker could not bring it in: it waits again, and says why."""
    run = find(desk, import_id, to=Act.IMPORT_RUN)
    if run.state != "confirmed":
        return
    run.state = "waiting"
    run.summary = orjson.dumps({**orjson.loads(run.summary), "problem": problem}).decode()
    desk.keep(run)


def _waiting(desk: Desk, import_id: int) -> Import:
    run = find(desk, import_id, to=Act.IMPORT_RUN)
    if run.state != "waiting":
        raise Conflict("This file has come in already, or was put aside", code="import_done")
    return run


def rows_of(desk: Desk, import_id: int, most: int = 200) -> list[dict[str, Any]]:
    """Where the rows of an import stand now: sheet, row, and the project each became or changed."""
    found = imports.origins(desk, import_id)[:most]
    names = {
        p[0]: p[1:]
        for p in desk.select(
            Project, "named", imports.by_ids(desk), imports.ids_value(desk, [o.project_id for o in found]),
            columns=("id", "code", "name", "ledger", "pending"), deleted="with",
        )
    }  # fmt: skip
    return [
        {
            "sheet": o.sheet,
            "row": o.row,
            "id": o.project_id,
            **dict(zip(("code", "name", "ledger", "pending"), names[o.project_id], strict=True)),
        }
        for o in found
        if o.project_id in names
    ]
