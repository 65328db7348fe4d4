"""Expansions, phases and parts: which amounts of a parent are the sums of its children, and what follows from that.

An *expansion* is new money beyond the signed contract: a project of its own, its total is the increment. A *phase* lies
inside the signed contract: it counts in the ledgers, never as a signing or a target; a project with phases is a heading
that counts in no ledger and keeps contract amount and day of signing. A *part* of a bundle is never counted; its parent
is, with the sums. Depth is one. What a row counts for says ``rules.counting``, the sums are made by ``rules.gathering``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

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
