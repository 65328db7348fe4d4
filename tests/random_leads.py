"""Random leads beside random projects: some became projects, some were given up, some stand. What figures are tried on."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from app.db import house
from app.desk import Desk
from app.models import Lead, LeadMove, Project
from app.rules.access import Act
from app.rules.codes import LeadStage
from tests.cast import Cast
from tests.random_month import TODAY, sow

STAGES = list(LeadStage)


def day(chance: random.Random, back: int = 700) -> str:
    return (date.fromisoformat(TODAY) - timedelta(days=chance.randrange(back))).isoformat()


def maybe(chance: random.Random, value: Any, of: float = 0.6) -> Any:
    return value if chance.random() < of else None


def facts(chance: random.Random) -> dict[str, Any]:
    def yuan() -> int | None:
        return chance.choice([None, 0, 5, 10**8, chance.randrange(4 * 10**9)])

    fate = chance.choice(["active"] * 4 + ["dormant", "lost", "lost", "withdrawn"])
    return {
        "registered_on": day(chance),
        "channel": maybe(chance, chance.choice(["agency", "direct", "fair"]), 0.9),
        "industry": maybe(chance, chance.choice(["装备", "食品"]), 0.9),
        "intended_amount_yuan": yuan(),
        "contract_amount_yuan": yuan(),
        "contract_amount_usd": maybe(chance, 70_000, 0.2),
        "framework_on": maybe(chance, day(chance), 0.4),
        "signed_on": maybe(chance, day(chance)),
        "company_registered_on": maybe(chance, day(chance)),
        "land_secured_on": maybe(chance, day(chance)),
        "first_money_on": maybe(chance, day(chance), 0.3),
        "funds_arrived_yuan": yuan(),
        "disposition": fate,
        "disposition_on": None if fate == "active" else maybe(chance, day(chance), 0.9),
        "disposition_reason": None if fate == "active" else chance.choice(["用地", "能耗", None]),
        "lost_to": chance.choice(["齐河", "不详"]) if fate == "lost" else None,
        "confidential": chance.random() < 0.2,
    }


def moves(chance: random.Random, lead: Lead) -> list[LeadMove]:
    """From stage to stage on the way up, with skips on one day and a step back now and then."""
    far = chance.randrange(len(STAGES))
    before: LeadStage | None = None
    on, made = date.fromisoformat(lead.registered_on), []
    way = [*range(far + 1), *([far - 1] if far and chance.random() < 0.2 else [])]
    for place in way:
        stage = STAGES[place]
        made.append(LeadMove(zone_id=lead.zone_id, lead_id=lead.id or 0, from_stage=before, to_stage=stage, happened_on=on.isoformat()))  # fmt: skip
        before, on = stage, on + timedelta(days=chance.choice([0, 3, 40, 90]))
    lead.stage = before or LeadStage.LEAD
    return made


def sow_leads(cast: Cast, seed: int = 7, leads: int = 80, projects: int = 60) -> None:
    """Projects in both zones as ``random_month`` sows them, and leads of which a third became one of them."""
    sow(cast, seed, projects)
    chance = random.Random(seed)

    def enter(desk: Desk) -> None:
        desk.ask(Act.LEAD_CREATE)
        known = desk.rows(
            Project, "whole", lambda q, t: q.where(t.c.relation.is_(None)).order_by(t.c.id), deleted="with"
        )
        chance.shuffle(known)
        made = []
        for n in range(leads):
            project = known[n] if n < min(leads // 3, len(known)) else None
            zone = project.zone_id if project else chance.choice([cast.east, cast.west])
            lead = Lead(zone_id=zone, name=f"L{n}", stage=LeadStage.LEAD, **facts(chance))
            lead.project_id = project.id if project else None
            lead.parent_project_id = None if project or chance.random() < 0.8 else known[-1].id
            made.append(lead)
        desk.keep(made)
        steps = [step for lead in made for step in moves(chance, lead)]
        desk.keep(steps)
        desk.keep(made)
        for lead in made[::11]:
            lead.deleted_at = desk.now
        desk.keep(made)

    cast.database.act_now(house(), enter)
