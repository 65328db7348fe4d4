"""The demo city's catalogue, what its zones hold of it, and who answers for what in the first of them."""

from __future__ import annotations

from app.demo import powers as made
from app.desk import Desk
from app.models import Boundary, Delegation, Power
from app.rules.codes import DelegationState as State
from app.services import delegations, powers, zones


def load(desk: Desk) -> None:
    """Write them, as part of the demo's act."""
    desk.keep([Power(**powers.columns(facts)) for facts in made.catalogue()])
    known = powers.rows(desk)
    ids = {code: zones.id_of(desk, code) for code in made.SHARES}
    rows: list[Delegation] = []
    for facts in made.held(desk.today):
        power = known[facts["power"]]
        row, faults = delegations.begin(facts, ids[facts["zone"]], power, [], desk.today)
        if facts.get("revoked_on"):
            step = {"to": State.REVOKED, "on": facts["revoked_on"], "document": "聊政字（演示）收回通知"}
            faults += delegations.take(row, step, power, [], desk.today)
        if not faults:
            rows.append(row)
    desk.keep(rows)
    desk.keep(
        [
            Boundary(
                zone_id=ids[made.HOST], matter=matter, holder=holder, unit_name=unit, basis="管委会权责清单（演示）",
                power_id=known[code].id if code else None,
            )
            for matter, holder, unit, code in made.BOUNDARIES
        ]
    )  # fmt: skip
