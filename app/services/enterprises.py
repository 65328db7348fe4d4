"""Enterprises: the base of key firms that all zones share. A renamed or merged one stays findable under its old name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
import sqlalchemy as sa

from app.desk import Desk, in_zones, zones_value
from app.errors import Conflict, Invalid, NotFound
from app.models import Enterprise, Lead, Project, Target
from app.models.checking import check
from app.models.enterprise_shapes import EnterpriseEdit, EnterpriseNew
from app.rules.access import Act
from app.rules.firm_names import SAME, alike, firm
from app.rules.identity import CREDIT_LETTERS, credit_check, credit_code, shown_phone
from app.rules.search_terms import fold, matches, sort_key
from app.services import reasons
from app.services.naming import by_ids
from app.services.records import zone_codes
from app.words import Word

FIELDS = (
    "id", "name", "credit_code", "classes", "origin", "industry", "parent_id", "website", "profile", "contact_person", "contact_post",
    "phone", "former_names", "aliases", "merged_into_id", "since", "created_at", "updated_at",
)  # fmt: skip
LISTS = ("classes", "former_names", "aliases")
NOT_A_CODE = Word("A credit code has 18 digits and capital letters, without I, O, S, V and Z")
WRONG_CHECK = Word("The last character of this credit code should be {expected}; compare it with the licence")
Record = dict[str, Any]


def told(desk: Desk, row: Enterprise) -> Record:
    """An enterprise as the API gives it; the phone is masked for those who may not read it."""
    facts = {name: getattr(row, name) for name in FIELDS}
    facts |= {name: orjson.loads(facts[name]) for name in LISTS}
    facts["version"] = facts.pop("since")
    return {**facts, "phone": shown_phone(row.phone, may_read=desk.may(Act.PHONE_READ))}


def list_(
    desk: Desk, q: str = "", *, classes: Iterable[str] = (), origin: str = "", industry: str = ""
) -> list[Record]:
    """Enterprises that are not merged, by name. ``q``: words of a name in any spelling, pinyin, initials, or a credit code."""
    found = narrowed(every(desk), q, classes=classes, origin=origin, industry=industry)
    return [told(desk, row) for row in found]


def every(desk: Desk) -> list[Enterprise]:
    """The whole base but for what was merged, by name."""
    desk.ask(Act.REGISTER_READ)
    rows: list[Enterprise] = desk.rows(Enterprise, "whole", lambda q, t: q.where(t.c.merged_into_id.is_(None)))
    return sorted(rows, key=lambda row: (sort_key(row.name), row.id or 0))


def narrowed(
    rows: Iterable[Enterprise], q: str = "", *, classes: Iterable[str] = (), origin: str = "", industry: str = ""
) -> list[Enterprise]:
    """Those of the base that fit what was asked, in their order."""
    wanted = set(classes)
    return [
        row
        for row in rows
        if (not wanted or wanted & set(orjson.loads(row.classes)))
        and (not origin or fold(origin) in fold(row.origin or ""))
        and (not industry or row.industry == industry)
        and (not q.strip() or _means(row, q))
    ]


def _means(row: Enterprise, q: str) -> bool:
    code = fold(q)
    if row.credit_code and len(code) >= 4 and row.credit_code.lower().startswith(code):
        return True
    return any(matches(q, spelling, None, None) for spelling in spellings(row))


def spellings(row: Enterprise) -> list[str]:
    """The name of an enterprise, its former names and its aliases."""
    return [row.name, *orjson.loads(row.former_names), *orjson.loads(row.aliases)]


def read(desk: Desk, id_: int) -> Record:
    return told(desk, desk.get(Enterprise, id_))


def names(desk: Desk, ids: Iterable[int]) -> dict[int, str]:
    """What enterprises are called, by id."""
    rows: list[Enterprise] = by_ids(desk, Enterprise, "names", "id", ids, deleted="with")
    return {row.id or 0: row.name for row in rows}


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def create(desk: Desk, values: Record) -> Record:
    """A new enterprise. Raises Invalid for a credit code that cannot be right, Conflict ``code_taken`` and ``name_taken``."""
    desk.ask(Act.ENTERPRISE_CREATE)
    facts = check(EnterpriseNew, reasons.take(desk, values))
    row = Enterprise(name=facts["name"])
    _put(row, facts)
    _fits(desk, row, facts)
    desk.keep(row)
    return told(desk, row)


def amend(desk: Desk, id_: int, edit: Record, *, version: int | None = None) -> Record:
    """Change what was given. A new name is shown everywhere; the old one stays among the former names."""
    row = desk.get(Enterprise, id_, to=Act.ENTERPRISE_AMEND)
    _not_merged(row)
    values = check(EnterpriseEdit, reasons.take(desk, edit), partial=True)
    desk.current(row, version, changing=values.keys())
    old = row.name
    _put(row, values)
    if row.name != old:
        row.former_names = _json(n for n in (*orjson.loads(row.former_names), old) if n != row.name)
    _fits(desk, row, values)
    desk.keep(row)
    return told(desk, row)


def _put(row: Enterprise, values: Record) -> None:
    for name, value in values.items():
        setattr(row, name, _json(value or ()) if name in LISTS else value)
    if values.get("credit_code"):
        row.credit_code = _code(values["credit_code"])


def _json(values: Iterable[str]) -> str:
    return orjson.dumps(list(dict.fromkeys(values))).decode()


def _code(text: str) -> str:
    """The code as it is kept. Raises Invalid, with the check character that would be right where only that is wrong."""
    found = credit_code(text)
    if found is not None:
        return found
    plain = fold(text).upper()
    if len(plain) == 18 and all(c in CREDIT_LETTERS for c in plain):
        raise Invalid.one("/credit_code", "wrong_check_character", WRONG_CHECK, expected=credit_check(plain[:17]))
    raise Invalid.one("/credit_code", "malformed", NOT_A_CODE)


def _fits(desk: Desk, row: Enterprise, values: Record) -> None:
    """Refuse a code or a name that another one has, and a group that is none."""
    others = [o for o in desk.rows(Enterprise, "others", lambda q, t: q, deleted="with") if o.id != row.id]
    coded = row.credit_code if "credit_code" in values else None
    if coded and (same := next((o for o in others if o.credit_code == coded), None)):
        code = "code_taken" if same.deleted_at is None else "deleted"
        raise Conflict("The credit code is that of {name}", code=code, name=same.name, extra={"id": same.id})
    living = [o for o in others if o.deleted_at is None and o.merged_into_id is None]
    if "name" in values and (same := next((o for o in living if _is_named(o, row)), None)):
        raise Conflict(
            "{name} is known already; choose it or another name",
            code="name_taken",
            name=same.name,
            extra={"id": same.id},
        )
    if row.parent_id is not None and "parent_id" in values:
        parent = next((o for o in living if o.id == row.parent_id), None)
        if parent is None or parent.parent_id == row.id:
            raise Invalid.one("/parent_id", "no_such_enterprise", "There is no such enterprise")


def _is_named(other: Enterprise, row: Enterprise) -> bool:
    """Would nobody tell the two apart by their names? Two credit codes are two firms."""
    if other.credit_code and row.credit_code:
        return False
    mine = firm(row.name)
    return any((said := firm(s)).place == mine.place and alike(said, mine) == SAME for s in spellings(other))


def _not_merged(row: Enterprise) -> None:
    if row.merged_into_id is not None:
        raise Conflict(
            "It stands under another one since they were merged", code="merged", extra={"id": row.merged_into_id}
        )


def remove(desk: Desk, id_: int, *, version: int | None = None) -> Record:
    """Mark an enterprise deleted that nothing names. Raises Conflict ``in_use``."""
    row = desk.get(Enterprise, id_, to=Act.ENTERPRISE_REMOVE)
    _of_the_city(desk)
    desk.current(row, version)
    if any(by_ids(desk, model, "of_firms", "enterprise_id", [id_]) for model in (Project, Lead, Target)):
        raise Conflict("Leads, projects or target lists name it; merge it into another one instead", code="in_use")
    row.deleted_at = desk.now
    desk.keep(row)
    return told(desk, row)


def restore(desk: Desk, id_: int, *, version: int | None = None) -> Record:
    """Bring a deleted enterprise back as it was."""
    row = desk.get(Enterprise, id_, to=Act.ENTERPRISE_RESTORE, deleted=True)
    _of_the_city(desk)
    desk.current(row, version)
    row.deleted_at = None
    desk.keep(row)
    return told(desk, row)


def _of_the_city(desk: Desk) -> None:
    """What touches the rows of every zone is for those only who see every zone."""
    if not desk.actor.everywhere:
        raise NotFound


def merge(desk: Desk, id_: int, into: int, *, version: int | None = None) -> Record:
    """Two entries are one firm: projects, targets and members of its group go over, and its names find the one that stays.

    Raises Conflict ``two_codes`` where both have a credit code: in law they are two firms.
    """
    row = desk.get(Enterprise, id_, to=Act.ENTERPRISE_MERGE)
    _of_the_city(desk)
    desk.current(row, version)
    _not_merged(row)
    try:
        target = desk.get(Enterprise, into)
    except NotFound:
        target = row
    if target is row or target.id == row.id or target.merged_into_id is not None:
        raise Invalid.one("/into", "no_such_enterprise", "There is no such enterprise")
    if row.credit_code and target.credit_code:
        raise Conflict("Each has a credit code of its own: in law they are two firms", code="two_codes")
    target.aliases = _json(n for n in (*orjson.loads(target.aliases), *spellings(row)) if n != target.name)
    target.classes = _json((*orjson.loads(target.classes), *orjson.loads(row.classes)))
    code, row.credit_code, row.merged_into_id = row.credit_code, None, target.id
    for name in ("origin", "industry", "website", "profile", "contact_person", "contact_post", "phone"):
        setattr(target, name, getattr(target, name) or getattr(row, name))
    desk.keep(row)
    target.credit_code = target.credit_code or code
    if target.parent_id == row.id:
        target.parent_id = None
    desk.keep(target)
    _hand_on(desk, id_, into)
    return told(desk, target)


def _hand_on(desk: Desk, id_: int, into: int) -> None:
    """What names one enterprise names another from now on."""
    members: list[Enterprise] = by_ids(desk, Enterprise, "of_group", "parent_id", [id_])
    for member in members:
        member.parent_id = into
    desk.keep([m for m in members if m.id != into])
    for model in (Project, Lead):
        rows = by_ids(desk, model, "of_firms", "enterprise_id", [id_], deleted="with")
        for row in rows:
            row.enterprise_id = into
        desk.keep(rows)
    theirs: list[Target] = by_ids(desk, Target, "of_firms", "enterprise_id", [into], deleted="with")
    taken = {t.zone_id for t in theirs}
    targets: list[Target] = by_ids(desk, Target, "of_firms", "enterprise_id", [id_])
    for target in targets:
        if target.zone_id in taken:
            target.deleted_at = desk.now
        else:
            target.enterprise_id = into
    desk.keep(targets)


# ── what it has invested ─────────────────────────────────────────────────────────────────────────────────────────────
LED = ("id", "code", "name", "stage", "disposition", "registered_on", "project_id")
INVESTED = (
    "id", "code", "name", "zone_id", "ledger", "disposition", "relation", "signed_on", "started_on", "completed_on", "contract_amount_yuan",
    "total_investment_yuan", "invested_to_date_yuan",
)  # fmt: skip


def investments(desk: Desk, id_: int) -> list[Record]:
    """The projects of an enterprise that she may see, the latest first. Those of other zones are not even counted."""
    desk.get(Enterprise, id_)
    rows = desk.select(
        Project,
        "invested",
        lambda q, t: q.where(t.c.enterprise_id == sa.bindparam("firm")),
        {"firm": id_},
        columns=(*INVESTED, "entered_ledger_on"),
    )
    codes = zone_codes(desk.link, {row[INVESTED.index("zone_id")] for row in rows})
    found = []
    for row in rows:
        facts = dict(zip((*INVESTED, "entered_on"), row, strict=True))
        facts["zone"] = codes[facts.pop("zone_id")]
        found.append(facts)
    return sorted(found, key=lambda f: (f["signed_on"] or f["entered_on"] or "", f["id"]), reverse=True)


def summed(items: list[Record]) -> Record:
    """How many investments these are and what they come to. Phases and parts lie inside another one."""
    whole = [i for i in items if i["relation"] not in ("phase", "part")]
    sums: Record = {"count": len(whole)}
    for name in ("contract_amount_yuan", "total_investment_yuan", "invested_to_date_yuan"):
        known = [i[name] for i in whole if i[name] is not None]
        sums[name] = {"sum": sum(known) if known else None, "known": len(known)}
    return sums


def counted(desk: Desk, ids: list[int]) -> dict[int, int]:
    """How many projects that she may see name each of these enterprises."""
    if not ids:
        return {}
    rows = desk.select(
        Project,
        "counted",
        lambda q, t: q.where(in_zones(t.c.enterprise_id, desk.link.dialect, "firms")).group_by(t.c.enterprise_id),
        {"firms": zones_value(desk.link.dialect, ids)},
        columns=lambda t: [t.c.enterprise_id, sa.func.count()],
    )
    return dict(rows)


def leads(desk: Desk, id_: int) -> list[Record]:
    """The leads of her zones that name an enterprise, the latest first; confidential ones only for who may read their names:
    that they name this firm would tell it."""
    desk.get(Enterprise, id_)
    if not desk.may(Act.LEAD_READ):
        return []
    clear = desk.may(Act.LEAD_SECRET_READ)
    rows = desk.select(
        Lead,
        ("of_firm", clear),
        lambda q, t: q.where(t.c.enterprise_id == sa.bindparam("firm"), sa.true() if clear else ~t.c.confidential),
        {"firm": id_},
        columns=(*LED, "zone_id"),
    )
    codes = zone_codes(desk.link, {row[-1] for row in rows})
    found = [{**dict(zip(LED, row, strict=False)), "zone": codes[row[-1]]} for row in rows]
    return sorted(found, key=lambda f: (f["registered_on"], f["id"]), reverse=True)


def named(desk: Desk, values: Record, known: str | None) -> None:
    """Where ``values`` choose an enterprise, it gives the investor's name if none is ``known``. Raises Invalid for none."""
    if values.get("enterprise_id") is not None:
        firm = chosen(desk, values["enterprise_id"])
        if not values.get("investor_name", known):
            values["investor_name"] = firm.name


def chosen(desk: Desk, id_: int) -> Enterprise:
    """The enterprise that a project or lead is to name. Raises Invalid at ``/enterprise_id``."""
    try:
        row = desk.get(Enterprise, id_)
    except NotFound:
        row = None
    if row is None or row.merged_into_id is not None:
        raise Invalid.one("/enterprise_id", "no_such_enterprise", "There is no such enterprise")
    return row
