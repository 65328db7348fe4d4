"""查重: is what she is about to register known already? Of other zones she learns that it is, and nothing else.

What is told of a registration that she may not see hangs on nothing but the names and the code that she typed herself:
no name, zone, amount, place, day or kind, no number of them, and a confidential lead is told like any other.
"""

from __future__ import annotations

import logging
from typing import Any

from app.desk import Desk
from app.engine import Link
from app.models.checking import check
from app.models.enterprise_shapes import LikenessAsk
from app.rules.access import Act
from app.rules.codes import LeadStage, Ledger
from app.rules.duplicates import Likeness, Strength, Telling
from app.rules.firm_codes import Subject
from app.services import alike, throttle
from app.services.alike import Known
from app.services.records import zone_codes

log = logging.getLogger("sanzhang.likeness")
MOST = 8
"""Registrations of her own zones that are shown."""
OPEN = frozenset({Ledger.RESERVE, Ledger.UPCOMING, *(stage for stage in LeadStage)})
"""Where a firm alone is worth a warning: what stands in construction for years needs nobody's coordination."""
UNSEEN: dict[str, Any] = dict.fromkeys(("kind", "id", "code", "name", "zone", "stands", "registered"))
Record = dict[str, Any]


def search(desk: Desk, facts: Record) -> Record:
    """``{items}``: registrations that are like what was typed, the surest first.

    Those she may see with ``kind, id, code, name, zone, stands, registered``; beyond them at most one item that says with
    ``visible`` false that there is something. Raises TooMany for who has been told so very often.
    """
    desk.ask(Act.LIKENESS_READ)
    throttle.heed_likeness(desk.link, who(desk))  # before anything is looked for: that she must wait tells nothing
    said = check(LikenessAsk, facts, partial=True)
    telling, own = alike.asked(
        desk.link,
        Telling(
            said.get("name"),
            said.get("investor_name"),
            said.get("credit_code"),
            said.get("amount_yuan"),
            said.get("location"),
        ),
    )
    itself = (str(said.get("except_kind") or Subject.PROJECT.value), said.get("except_id"))
    known = alike.near(desk.link, own)
    seen = [other for other in known if other.side != itself and alike.seen_by(desk, other)]
    found = alike.likened(telling, seen)[:MOST]
    codes = zone_codes(desk.link, {other.zone_id for _, other in found})
    items = [_told(likeness, other, codes) for likeness, other in found]
    if (beyond := _beyond(telling, [other for other in known if not alike.seen_by(desk, other)])) is not None:
        log.info("a likeness elsewhere was told", extra={"who": who(desk), "strength": beyond["strength"]})
        items.append(beyond)
    return {"items": items}


def who(desk: Desk) -> str:
    """The person or program that asks, for the log and the throttle."""
    return f"{desk.actor.kind}:{desk.actor.id}"


def tells_elsewhere(answer: Record) -> bool:
    """Does it say that something is registered where she cannot see it?"""
    return any(not item["visible"] for item in answer["items"])


def count(link: Link, asker: str, answer: Record) -> None:
    """Count that somebody was told of something elsewhere: who feels for names waits longer and longer. A chore."""
    if tells_elsewhere(answer):
        throttle.likeness_told(link, asker)


def _told(likeness: Likeness, other: Known, codes: dict[int, str]) -> Record:
    return {
        "strength": likeness.strength.value, "reasons": [r.value for r in likeness.reasons], "visible": True, "kind": other.kind.value,
        "id": other.id, "code": other.code, "name": other.name, "zone": codes[other.zone_id], "stands": other.stands,
        "registered": other.registered,
    }  # fmt: skip


def _beyond(telling: Telling, unseen: list[Known]) -> Record | None:
    """That something is registered elsewhere: the surest of it, by names and code alone."""
    for likeness, other in alike.likened(telling.hidden(), unseen):
        if likeness.strength is not Strength.FIRM or other.stands in OPEN:
            reasons = [r.value for r in likeness.reasons]
            return {"strength": likeness.strength.value, "reasons": reasons, "visible": False, **UNSEEN}
    return None
