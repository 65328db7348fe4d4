"""Files that came in and wait: received, chosen about, put aside, confirmed. What is in the register already is ``imports``.

Nothing is staged: a preview is made of the file, the choices and the register as it stands, each time it is asked for.
"""

from __future__ import annotations

from typing import Any

import orjson

from app.desk import Desk
from app.engine import Sql
from app.errors import Conflict, NotFound
from app.models import Import, Project
from app.models.import_shapes import ImportEdit, check
from app.rules.access import Act
from app.services import imports, layouts, lists, zones
from app.services.choices import check_reading, choices_of, merged
from app.services.imports import find, told
from app.services.workbooks import Understood, spellings

__all__ = [
    "MANY", "choices_of", "choose", "confirm", "confirmed", "discard", "failed", "forget", "look", "receive", "rows_of",
]  # fmt: skip

JOB = "import"
MANY = 2000
"""Rows from which on a confirmed import is the worker's: nobody waits in a browser for more."""
PROGRESS = Sql(
    "SELECT state, step, done, total, sentence FROM job WHERE kind = 'import' AND arguments = :arguments ORDER BY id DESC LIMIT 1"
)


def receive(desk: Desk, digest: str, file_name: str, choices: dict[str, Any], understood: Understood) -> dict[str, Any]:
    """A file was put and could be read: it waits for its confirmation. Only its sender sees it until then.

    What she (or her unit) said of sheets with the same headings before is applied, and told.
    """
    desk.ask(Act.IMPORT_RUN)
    facts = {
        "sender": [desk.actor.kind, desk.actor.id],
        "by": desk.actor.name,
        **layouts.applied(desk, merged({}, _checked(desk, choices)), understood),
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
    if facts.get("kind"):
        raise NotFound("This file is about leads; look at it there", code="other_kind", extra={"kind": facts["kind"]})
    progress = None
    if run.state == "confirmed":
        row = desk.link.row(PROGRESS, {"arguments": _arguments(import_id)})
        progress = dict(zip(("state", "step", "done", "total", "sentence"), row, strict=True)) if row else None
    return {
        **told(desk, run), "choices": facts.get("choices", {}), "left": facts.get("left", []), "undone": facts.get("undone"),
        "problem": facts.get("problem"), "remembered": facts.get("remembered", {}), "names": spellings(desk), "progress": progress,
    }  # fmt: skip


def _arguments(import_id: int) -> str:
    return orjson.dumps({"import_id": import_id}).decode()


def choose(desk: Desk, import_id: int, said: dict[str, Any], *, version: int | None = None) -> dict[str, Any]:
    """Keep what a person decided: ``opening``; ``sheets`` {name: zone, ledger, force, skip}; ``rows`` {sheet!row: id, 0, -1};
    ``cells`` {sheet!row!field: mine, theirs}.

    What is not named stays; None takes a decision back.
    """
    run = _waiting(desk, import_id)
    desk.current(run, version)
    facts = orjson.loads(run.summary)
    given = _checked(desk, said)
    facts["choices"] = merged(facts.get("choices", {}), given)
    layouts.remember(desk, facts, given)
    facts.pop("problem", None)
    run.summary = orjson.dumps(facts).decode()
    desk.keep(run)
    return told(desk, run) | {"choices": facts["choices"]}


def _checked(desk: Desk, said: dict[str, Any]) -> dict[str, Any]:
    """Only what can be chosen, and only zones that she sees."""
    given = check(ImportEdit, said)
    for chosen in (given, *(s for s in (given.get("sheets") or {}).values() if s)):
        if chosen.get("zone"):
            zones.id_of(desk, chosen["zone"])
        check_reading(chosen)
        if chosen.get("of_list"):
            lists.find(desk, chosen["of_list"])
        for code in (chosen.get("marks") or {}).values():
            if code:
                lists.find(desk, code)
    return given


def forget(desk: Desk, import_id: int, sheet: str, *, version: int | None = None) -> dict[str, Any]:
    """What was remembered for the layout of a sheet is forgotten, for this file and for those to come."""
    run = _waiting(desk, import_id)
    desk.current(run, version)
    facts = orjson.loads(run.summary)
    layouts.forget(desk, facts, sheet)
    run.summary = orjson.dumps(facts).decode()
    desk.keep(run)
    return told(desk, run) | {"choices": facts["choices"]}


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


def rows_of(desk: Desk, import_id: int, most: int | None = 200) -> list[dict[str, Any]]:
    """Where the rows of an import stand now: sheet, row, and the project each became or changed. None: all of them."""
    find(desk, import_id)
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
            "state": None,
            "conflicts": [],
            **dict(zip(("code", "name", "ledger", "pending"), names[o.project_id], strict=True)),
        }
        for o in found
        if o.project_id in names
    ]
