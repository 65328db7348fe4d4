"""What tests do with leads: register, move, sign, land."""

from __future__ import annotations

from typing import Any

from app.services import follow_ups, landing, lead_moves, leads, ledgers
from app.services.asking import Asked
from tests.cast import Cast

FACTS: dict[str, Any] = {
    "name": "年产两万吨隔膜项目",
    "investor_name": "江海新材料股份有限公司",
    "channel": "stationed",
    "intended_amount_yuan": 12 * 10**8,
    "industry": "新材料",
    "content": "隔膜生产线八条",
    "keeper": "林砚秋",
}
SIGNED = {"agreement": "definitive", "signed_on": "2026-06-30", "contract_amount_yuan": 10**9}
SECURED = {"company_registered_on": "2026-07-10", "land_secured_on": "2026-08-01"}
DAY = "2026-06-01"


def made(cast: Cast, by: str = "editor", zone: str = "EAST", **facts: Any) -> dict[str, Any]:
    found = cast.database.act_now(cast.by(by), leads.create, FACTS | facts, zone=zone, registered_on=DAY).value
    assert isinstance(found, dict)
    return found


def move(cast: Cast, id_: int, to: str, by: str = "editor", reason: str | None = None, **kw: Any) -> Any:
    return cast.database.act_now(cast.by(by, reason=reason), lead_moves.move, id_, to=to, **kw).value


def signed(cast: Cast, **facts: Any) -> dict[str, Any]:
    lead = made(cast, screening_result="符合主导产业，同意跟进", **facts)
    found: dict[str, Any] = move(cast, lead["id"], "signed", edit=SIGNED)
    return found


def seen(cast: Cast, by: str, **asked: Any) -> list[dict[str, Any]]:
    return cast.database.ask_now(cast.by(by), leads.page, Asked(noun="lead", **asked))[0]


def land(cast: Cast, id_: int, ledger: str = "reserve", **kw: Any) -> Any:
    return cast.database.act_now(cast.editor, landing.land, id_, ledger=ledger, **kw).value


def reserve(cast: Cast) -> int:
    found = cast.database.ask_now(cast.editor, ledgers.heads, "EAST")["reserve"]
    return int(found["project_count"])


CANARY = "金丝雀"


def covered(cast: Cast) -> dict[str, Any]:
    """A confidential lead: every text of it that could give it away holds the word."""
    names = {n: f"{CANARY}{n}" for n in ("name", "investor_name", "investor_profile", "content", "referrer", "remarks")}
    lead = made(cast, confidential=True, code_name="海燕", screening_result=CANARY, contact_name=CANARY, **names)
    said = {"kind": "visit", "told": f"{CANARY}来访", "with_whom": CANARY, "next_step": f"见{CANARY}"}
    cast.database.act_now(cast.editor, follow_ups.add, lead["id"], said)
    move(cast, lead["id"], "negotiating")
    by = cast.by("editor", reason=f"{CANARY}改主意")
    cast.database.act_now(by, lead_moves.dispose, lead["id"], disposition="dormant")
    return cast.database.ask_now(cast.editor, leads.read, lead["id"])
