"""The gates of the ledgers as kept data: which steps of the approval chain each of them asks for."""

from __future__ import annotations

from typing import Any

import orjson

from app.desk import Desk
from app.errors import Invalid, Problem
from app.models import Setting
from app.models.case_shapes import GatesEdit
from app.models.checking import check
from app.rules.access import Act
from app.rules.chains import step_keys
from app.services import entering, reasons
from app.services.entering import setting_row

KEY = "gates"
Record = dict[str, Any]


def read(desk: Desk) -> Record:
    """What each ledger asks for before a project enters, with the version (0: as shipped)."""
    desk.ask(Act.REGISTER_READ)
    row = setting_row(desk, KEY)
    return {"gates": dict(entering.gates(desk)), "version": row.since if row else 0}


def put(desk: Desk, values: Record, *, version: int | None) -> Record:
    """Let ledgers ask for settled steps; a ledger left out asks for what it did, an empty list for none, and without
    any nothing is kept.

    Moves from now on are asked; projects that stand in a ledger stay. Raises Invalid for a step that is in no chain.
    """
    desk.ask(Act.SETTING_AMEND)
    given = check(GatesEdit, reasons.take(desk, values))["approvals"]
    known = step_keys(entering.chains(desk))
    strange = [
        (ledger, n, step) for ledger, steps in given.items() for n, step in enumerate(steps) if step not in known
    ]
    if strange:
        raise Invalid(
            problems=[
                Problem(f"/approvals/{ledger}/{n}", "not_found", "There is no step {key} in the chains", {"key": step})
                for ledger, n, step in strange
            ]
        )
    if not given:
        return read(desk)
    row = setting_row(desk, KEY) or Setting(key=KEY, value="{}")
    if row.id is not None:
        desk.current(row, version)
    gates = {ledger: dict(gate) for ledger, gate in entering.gates(desk).items()}
    for ledger, steps in given.items():
        gates[ledger]["approvals"] = list(dict.fromkeys(steps))
    row.value = orjson.dumps(gates, option=orjson.OPT_SORT_KEYS).decode()
    desk.keep(row)
    return read(desk)
