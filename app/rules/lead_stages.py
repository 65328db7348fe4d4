"""How a lead goes from stage to stage: what each stage asks for, as data, and one function that says what is missing.

A stage is a stored fact that changes only by a move; whether the lead is still alive (its disposition) is another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.rules.codes import LeadDisposition as Fate
from app.rules.codes import LeadStage as Stage
from app.rules.codes import Ledger

ORDER = tuple(Stage)

STAGES: dict[str, Any] = {
    "lead": {"needs": [["name"]]},
    "screening": {
        "needs": [["investor_name", "enterprise_id"], ["channel"], ["intended_amount_yuan", "intended_amount_usd"]],
    },
    "negotiating": {"needs": [["content"], ["industry"], ["screening_result"], ["keeper"]]},
    "signed": {
        "needs": [["agreement"], ["contract_amount_yuan", "contract_amount_usd"], ["framework_on", "signed_on"]],
        "files": ["agreement", "contract"],
    },
    "landed": {
        "needs": [["signed_on"], ["company_registered_on"], ["land_secured_on"]],
        "files": ["registration", "land_contract"],
    },
}
"""The stages as shipped: JSON, editable. ``needs``: each group wants one of its fields. ``files``: one of these kinds proves
it; a lead that has none moves all the same and is shown as not proved yet."""

DATED = {"signed_on": "definitive", "framework_on": "framework"}
"""The day that each kind of agreement is known by."""

LANDING: dict[str, tuple[Stage, ...]] = {
    Ledger.RESERVE: (Stage.NEGOTIATING, Stage.SIGNED, Stage.LANDED),
    Ledger.UPCOMING: (Stage.SIGNED, Stage.LANDED),
}
"""From which stages a lead may enter which ledger."""

FATES: dict[Fate, tuple[Fate, ...]] = {
    Fate.ACTIVE: (Fate.DORMANT, Fate.LOST, Fate.WITHDRAWN),
    Fate.DORMANT: (Fate.ACTIVE, Fate.LOST, Fate.WITHDRAWN),
    Fate.LOST: (Fate.ACTIVE,),
    Fate.WITHDRAWN: (Fate.ACTIVE,),
    Fate.TRANSFERRED: (Fate.ACTIVE,),
}
"""Disposition → what it may become by hand. ``transferred`` is written by the transfer; who has it now makes it active."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What a move into ``stage`` lacks: groups of fields, each by the stage that asks for it."""

    groups: tuple[tuple[Stage, tuple[str, ...]], ...]
    back: bool
    skipped: tuple[Stage, ...]


def may_become(before: str, after: str) -> bool:
    """May a lead's disposition change so, by hand?"""
    return Fate(after) in FATES[Fate(before)]


def passed(frm: str | None, to: str) -> tuple[Stage, ...]:
    """The stages entered by going from ``frm`` to ``to``: those between, and ``to`` itself; only ``to`` when going back."""
    end = ORDER.index(Stage(to))
    begin = ORDER.index(Stage(frm)) if frm else -1
    return ORDER[begin + 1 : end + 1] if end > begin else (Stage(to),)


def missing(stages: Mapping[str, Any], facts: Mapping[str, Any], to: str, frm: str | None) -> Missing:
    """What a lead with these facts lacks for entering ``to``. A skipped stage's conditions are asked for too; going back
    asks for nothing but a reason."""
    back = frm is not None and ORDER.index(Stage(to)) < ORDER.index(Stage(frm))
    entered = passed(frm, to)
    groups = [] if back else [(s, tuple(group)) for s in entered for group in _unmet(stages, facts, s)]
    return Missing(tuple(groups), back, () if back else entered[:-1])


def _unmet(stages: Mapping[str, Any], facts: Mapping[str, Any], stage: Stage) -> list[list[str]]:
    found = [group for group in stages[stage]["needs"] if not any(_told(facts, name) for name in group)]
    if stage is Stage.SIGNED and (kind := facts.get("agreement")):
        day = next(name for name, of in DATED.items() if of == kind)
        if not _told(facts, day) and [day] not in found:
            found = [group for group in found if day not in group] + [[day]]
    return found


def _told(facts: Mapping[str, Any], name: str) -> bool:
    return facts.get(name) not in (None, "")


def held(stages: Mapping[str, Any], facts: Mapping[str, Any], stage: str) -> list[tuple[str, ...]]:
    """What a lead that stands in ``stage`` already must go on saying: the groups that are not met any more."""
    return [tuple(group) for group in _unmet(stages, facts, Stage(stage))]


def may_land(stage: str, ledger: str) -> bool:
    """May a lead of this stage enter this ledger?"""
    return Stage(stage) in LANDING.get(ledger, ())
