"""Expansions, phases and parts: what one row counts for, and with which amount.

An *expansion* is new money beyond the signed contract: a project of its own, its total is the increment. A *phase* lies
inside the signed contract: it counts in the ledgers, never as a signing or a target; a project with phases is a heading
that counts in no ledger and keeps contract amount and day of signing. A *part* of a bundle is never counted; its parent
is, with the sums. Depth is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

from app.rules.codes import Relation


class Place(StrEnum):
    """What a row is among its relatives."""

    NORMAL = "normal"
    HEADING = "heading"
    BUNDLE = "bundle"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Standing:
    """What one row counts for.

    ``in_ledger``: is it one project of its ledger. ``sums_children``: its amounts are its children's sums where they
    are known. ``as_signing``: its contract counts as a signing and towards targets. ``items``: how many items it is
    once bundles are split ("27, split 31").
    """

    place: Place
    in_ledger: bool
    sums_children: bool
    as_signing: bool
    items: int


def standing(relation: Relation | str | None, *, phases: int = 0, parts: int = 0) -> Standing:
    """The standing of a row with this relation to its parent and so many live phases and parts of its own."""
    child_of_contract = relation in (Relation.PHASE, Relation.PART)
    if relation == Relation.PART:
        return Standing(Place.PART, in_ledger=False, sums_children=False, as_signing=False, items=0)
    if phases:
        return Standing(Place.HEADING, False, True, not child_of_contract, 0)
    if parts:
        return Standing(Place.BUNDLE, True, True, not child_of_contract, parts)
    return Standing(Place.NORMAL, True, False, not child_of_contract, 1)


def amount(row: Standing, own: int | None, children: Iterable[int | None] = ()) -> int | None:
    """The amount a row shows, in yuan: the sum over its children where it sums them and any is known, else its own.

    A blank child is unknown, not zero: the sum is over those known.
    """
    known = [value for value in children if value is not None] if row.sums_children else []
    return sum(known) if known else own


# ── what a row that sums says of its sums ────────────────────────────────────────────────────────────────────────────
TYPED = (
    "filed_investment_yuan", "total_investment_yuan", "statistical_investment_yuan", "fixed_investment_yuan",
    "foreign_investment_usd", "annual_plan_yuan", "expected_output_yuan", "expected_tax_yuan",
)  # fmt: skip
"""Amounts that people write and a parent sums: all but the contract's, which stays its own."""
SPENT = (
    "invested_before_this_year_yuan", "invested_this_year_yuan", "invested_to_date_yuan", "invested_this_month_yuan",
)  # fmt: skip
"""Money spent, which follows from openings and reports: the row's own or its children's, never of both."""
OPENING = ("opening_month", "opening_before_year_yuan", "opening_this_year_yuan")


def told_sums(stored: str | None) -> dict[str, Any] | None:
    """Of how many children a row's amounts are sums, and of how many each is known; None where it sums none."""
    if stored is None:
        return None
    kept = orjson.loads(stored)
    return {"of": kept["of"], "known": kept["known"]}


def closed(sums: Mapping[str, Any] | None) -> frozenset[str]:
    """Fields of a row that nobody types, because they are sums (``told_sums``) or follow from them."""
    known = frozenset(sums["known"] if sums else ())
    if not known.isdisjoint(SPENT):
        return known.union(OPENING, SPENT, ("plan_year",))
    return known.union(("plan_year",)) if "annual_plan_yuan" in known else known


def spends(sums: Mapping[str, Any] | None) -> bool:
    """Is the money spent on this row what was spent on its children?"""
    return not closed(sums).isdisjoint(SPENT)


def signing_amount(
    row: Standing, relation: Relation | str | None, contract: int | None, total: int | None
) -> int | None:
    """The amount a signing counts with, in yuan: the contract's, for an expansion its increment; None if it is none."""
    if not row.as_signing:
        return None
    if relation == Relation.EXPANSION:
        return contract if contract is not None else total
    return contract
