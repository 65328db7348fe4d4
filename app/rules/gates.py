"""What a project needs to enter a ledger: gates as data, and one function that says what is missing.

What is missing comes back as codes and field names, never as sentences: both faces say it in the reader's language.
Missing facts block a move. Missing evidence does not: the row moves and is marked pending until evidence settles it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.rules.codes import EvidenceKind, Ledger, ProcedureState
from app.rules.ledgers import DATE_OF_MOVE, is_back, skipped

INSTALLED = {"kind": ["technical_upgrade"], "land_mode": ["existing_plant", "leased"]}
"""Nothing is built here: a technical upgrade, or equipment put into a plant that stands."""

GATES: dict[str, Any] = {
    "reserve": {"needs": [["name"]], "evidence": []},
    "upcoming": {
        "needs": [
            ["name"],
            ["investor_name", "enterprise_id"],
            ["location", "plant_area_m2"],
            ["total_investment_yuan"],
            ["planned_start_month"],
            ["sponsor_leader"],
            ["responsible_person"],
            ["signed_on", "national_code"],
        ],
        "evidence": [{"all": ["contract"]}, {"all": ["filing_certificate"]}],
        "horizon_years": 0,
    },
    "in_construction": {
        "needs": [["name"], ["started_on"], ["planned_completion_month"]],
        "evidence": [
            {"all": ["construction_permit"]},
            {"all": ["construction_contract", "site_photo"]},
            {"all": ["installation_photo"], "when_any": INSTALLED},
        ],
    },
    "completed": {
        "needs": [["name"], ["completed_on"]],
        "evidence": [{"all": ["acceptance_record"]}, {"all": ["owner_statement", "site_photo"]}],
    },
}
"""The gates as shipped: JSON, editable.

``needs``: each group wants one of its fields. ``evidence``: one of these sets, all kinds of a set; ``when_any`` lets a set
hold only for projects with one of these values; none asked for when empty. ``horizon_years``: the planned start lies at
latest in so many calendar years after the one of the move. ``approvals`` (none as shipped): steps of the approval chain
that must be settled, such as ``["construction_permit"]``.
"""


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that stops a move: a stable code, the ledger whose condition it is, the fields (any of them cures it)."""

    code: str
    ledger: Ledger
    fields: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def msgid(self) -> str:
        return SENTENCES[self.code]


SENTENCES = {
    "fact_missing": "Needed for this ledger",
    "beyond_horizon": "The planned start lies after {latest}",
    "approval_missing": "Not settled yet: {step}",
    "dates_crossed": "Completed before it was started",
    "same_ledger": "The project stands in this ledger already",
}


@dataclass(frozen=True, slots=True)
class Missing:
    """What a move lacks. ``evidence_missing`` marks the row pending; ``back`` wants a reason; ``skipped`` is kept."""

    blocks: tuple[Block, ...]
    evidence_missing: bool
    back: bool
    skipped: tuple[Ledger, ...]

    @property
    def passes(self) -> bool:
        return not self.blocks


def missing(
    gates: Mapping[str, Any],
    facts: Mapping[str, Any],
    to: Ledger | str,
    frm: Ledger | str | None,
    evidence_kinds: Collection[EvidenceKind | str],
    on: str,
    settled: Collection[str] = (),
) -> Missing:
    """What stops a move of a project with these ``facts`` from ``frm`` (None: it is new) into ``to`` on the day ``on``.

    The day of the move is the day of the fact it writes (start, completion). The conditions of ledgers jumped over are
    asked too; evidence is asked for the ledger entered only, since a later proof is the stronger one. ``settled``: steps of
    its approval chain that its cases tell to be settled or not needed; the five procedures stand among the facts.
    """
    to = Ledger(to)
    known = {**facts, **({DATE_OF_MOVE[to]: on} if to in DATE_OF_MOVE else {})}
    jumped = skipped(frm, to)
    blocks: list[Block] = []
    if frm is not None and Ledger(frm) is to:
        blocks.append(Block("same_ledger", to, ()))
    for ledger in (*jumped, to):
        for block in _lacks(gates[ledger], known, ledger, on, settled):
            if not any((block.fields, block.code, block.values) == (o.fields, o.code, o.values) for o in blocks):
                blocks.append(block)
    started, completed = known.get("started_on"), known.get("completed_on")
    if to is Ledger.COMPLETED and started and completed and completed < started:
        blocks.append(Block("dates_crossed", to, ("completed_on", "started_on")))
    proven = _is_proven(gates[to]["evidence"], known, evidence_kinds)
    return Missing(tuple(blocks), not proven, is_back(frm, to), tuple(jumped))


def _lacks(
    gate: Mapping[str, Any], facts: Mapping[str, Any], ledger: Ledger, on: str, settled: Collection[str]
) -> list[Block]:  # fmt: skip
    blocks = [Block("fact_missing", ledger, tuple(any_of)) for any_of in gate["needs"] if not _has(facts, any_of)]
    start, years = facts.get("planned_start_month"), gate.get("horizon_years")
    if start is not None and years is not None:
        latest = f"{int(on[:4]) + years}-12"
        if start > latest:
            blocks.append(Block("beyond_horizon", ledger, ("planned_start_month",), {"latest": latest}))
    for step in gate.get("approvals", ()):
        node = f"{step}_state"
        if step not in settled and facts.get(node) != ProcedureState.DONE:
            blocks.append(Block("approval_missing", ledger, (node,) if node in facts else (), {"step": step}))
    return blocks


def _has(facts: Mapping[str, Any], any_of: Collection[str]) -> bool:
    """A blank is unknown; a zero is a value."""
    return any(facts.get(name) is not None and facts[name] != "" for name in any_of)


def _is_proven(ways: list[Mapping[str, Any]], facts: Mapping[str, Any], kinds: Collection[EvidenceKind | str]) -> bool:
    open_ways = [way for way in ways if _applies(way.get("when_any"), facts)]
    return not ways or any(set(way["all"]) <= {str(kind) for kind in kinds} for way in open_ways)


def _applies(when_any: Mapping[str, Collection[str]] | None, facts: Mapping[str, Any]) -> bool:
    return when_any is None or any(facts.get(name) in values for name, values in when_any.items())


def evidence_wanted(gates: Mapping[str, Any], facts: Mapping[str, Any], ledger: Ledger | str) -> list[tuple[str, ...]]:
    """What would settle a pending row in this ledger: the sets of evidence kinds, any one of which is enough."""
    ways = gates[Ledger(ledger)]["evidence"]
    return [tuple(way["all"]) for way in ways if _applies(way.get("when_any"), facts)]


def to_complete(gates: Mapping[str, Any], facts: Mapping[str, Any], ledger: Ledger | str) -> list[tuple[str, ...]]:
    """The groups of fields that a project standing in this ledger still lacks: shown as to be filled in, never blocking."""
    return [tuple(any_of) for any_of in gates[Ledger(ledger)]["needs"] if not _has(facts, any_of)]
