"""Expansions, phases and parts: what one row counts for, and with which amount.

An *expansion* is new money beyond the signed contract: a project of its own, its total is the increment. A *phase* lies
inside the signed contract: it counts in the ledgers, never as a signing or a target; a project with phases is a heading
that counts in no ledger and keeps contract amount and day of signing. A *part* of a bundle is never counted; its parent
is, with the sums. Depth is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

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


def signing_amount(
    row: Standing, relation: Relation | str | None, contract: int | None, total: int | None
) -> int | None:
    """The amount a signing counts with, in yuan: the contract's, for an expansion its increment; None if it is none."""
    if not row.as_signing:
        return None
    if relation == Relation.EXPANSION:
        return contract if contract is not None else total
    return contract
