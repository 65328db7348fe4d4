"""What a project needs to enter a ledger, asked of the register: gates as kept data, evidence at hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import sqlalchemy as sa

from app.desk import Desk
from app.errors import Conflict, Forbidden
from app.models import Case, Evidence, Project, Setting
from app.rules.access import Act
from app.rules.chains import CHAINS, CHAINS_KEY, Chains, step_names
from app.rules.codes import CaseResult
from app.rules.gates import GATES, Block, Missing, evidence_wanted, missing
from app.words import Word, say


def setting(desk: Desk, key: str, default: Any) -> Any:
    """The value of a kept setting, or what the house ships."""

    def look() -> list[Any]:
        by_key: Any = sa.bindparam("key")
        rows = desk.select(Setting, "by_key", lambda q, t: q.where(t.c.key == by_key), {"key": key}, columns=("value",))
        return [orjson.loads(value) for (value,) in rows]

    found = desk.remembered(("setting", key), look)
    return found[0] if found else default


def setting_row(desk: Desk, key: str) -> Setting | None:
    """A kept setting as a row that can be changed; None while the house's own holds."""
    found = desk.rows(Setting, "row_by_key", lambda q, t: q.where(t.c.key == sa.bindparam("key")), {"key": key})
    return found[0] if found else None


def gates(desk: Desk) -> Mapping[str, Any]:
    """The gates in force."""
    found: Mapping[str, Any] = setting(desk, "gates", GATES)
    return found


def evidence_kinds(desk: Desk, project_id: int | None) -> list[str]:
    """Which kinds of evidence a project has."""
    if project_id is None:
        return []
    rows = desk.select(
        Evidence,
        "kinds",
        lambda q, t: q.where(t.c.project_id == sa.bindparam("project")).distinct(),
        {"project": project_id},
        columns=("kind",),
    )
    return [r[0] for r in rows]


def chains(desk: Desk) -> Chains:
    """The approval chains in force."""
    found: Chains = {**CHAINS, **setting(desk, CHAINS_KEY, {})}
    return found


def settled_steps(desk: Desk, project_id: int | None) -> list[str]:
    """The steps that a project's cases tell to be settled or not needed; read only where a gate asks for any."""
    if project_id is None or not any(gate.get("approvals") for gate in gates(desk).values()):
        return []
    here: Any = sa.bindparam("project")
    rows = desk.select(
        Case,
        "results",
        lambda q, t: q.where(t.c.project_id == here),
        {"project": project_id},
        columns=("step", "result"),
    )
    return [step for step, result in rows if result in (CaseResult.GRANTED, CaseResult.NOT_NEEDED)]


def values_of(desk: Desk, block: Block) -> dict[str, Any]:
    """The values of a block's sentence, a step by its name."""
    if "step" not in block.values:
        return dict(block.values)
    return {"step": Word(step_names(chains(desk)).get(block.values["step"], block.values["step"]))}


def lacks(desk: Desk, facts: Mapping[str, Any], to: str, frm: str | None, on: str, project_id: int | None) -> Missing:
    """What stops a project with these facts from entering ``to`` on the day ``on``."""
    kinds, settled = evidence_kinds(desk, project_id), settled_steps(desk, project_id)
    return missing(gates(desk), facts, to, frm, kinds, on, settled)


def told(desk: Desk, found: Missing, facts: Mapping[str, Any], to: str) -> dict[str, Any]:
    """What is missing as plain values, for both faces."""
    return {
        "to": to,
        "missing": [
            {"code": b.code, "ledger": b.ledger.value, "fields": list(b.fields), **b.values, **_named(desk, b)}
            for b in found.blocks
        ],
        "evidence_missing": found.evidence_missing,
        "evidence": [list(way) for way in evidence_wanted(gates(desk), facts, to)],
        "back": found.back,
        "skipped": [s.value for s in found.skipped],
    }


def _named(desk: Desk, block: Block) -> dict[str, str]:
    """What the step of a block is called, for the reader."""
    return {"step_name": say(values_of(desk, block)["step"], desk.language)} if "step" in block.values else {}


def pass_gate(desk: Desk, found: Missing, facts: Mapping[str, Any], to: str, *, override: bool, zone_id: int) -> None:
    """Refuse what does not pass: Conflict ``gate_not_met`` listing what is missing. A forced pass needs a right and a reason."""
    needs_reason = found.back or (override and not found.passes)
    if needs_reason and not desk.reason:
        from app.services.reasons import refuse

        refuse(["ledger"])
    if found.passes:
        return
    cannot = any(b.code in ("same_ledger", "dates_crossed") for b in found.blocks)
    if not override or cannot:
        raise Conflict(
            "The project does not yet meet what this ledger asks for",
            code="gate_not_met",
            extra=told(desk, found, facts, to),
        )
    if not desk.may(Act.PROJECT_OVERRIDE, zone_id):
        raise Forbidden(
            "Entering a ledger without meeting its conditions is for reviewers", code="override_not_allowed"
        )


def facts_of(row: Project) -> dict[str, Any]:
    """The facts of a kept row as gates read them."""
    return dict(row.__dict__)
