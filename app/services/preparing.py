"""A workbook beside the register: every row placed, matched, compared and judged. Reads only; nothing is kept here.

All of it happens before the lock is taken: what an import writes under the lock is already checked and already made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.desk import Desk, in_zones, zones_value
from app.engine import Sql
from app.errors import NotFound
from app.models import Project
from app.rules.access import Act
from app.rules.lights import LIGHT_RULES, LIGHT_RULES_KEY, USUAL
from app.rules.money import reasons_needed
from app.services import absences, entering, industries, stated, told_months
from app.services.choices import LEAVE_OUT, Choices, ledger_named
from app.services.conflicts import later
from app.services.draft import AT, COLUMNS, Absent, Draft
from app.services.field_titles import kind_of, title
from app.services.judging import Judge
from app.services.matching import Index, by_codes, code_values, left_behind, twins
from app.services.proposing import Moving
from app.services.workbooks import EVERY_ZONE, Understood, read, spellings
from app.sheets.tables import Row, Table
from app.words import Word

__all__ = [
    "LEAVE_OUT", "Choices", "Prepared", "Understood", "kind_of", "ledger_named", "prepare", "read", "spellings", "title",
]  # fmt: skip

LISTING = ("list", "month_grid", "project_page")
"""Kinds of sheets that name projects."""
CODES = ("key", "code")
"""Meanings of columns that say by its code which project a row is."""
HEAD = Sql("SELECT seq FROM head")


@dataclass
class Prepared:
    """Everything an import would do, and why. ``seq`` is the last act that it knows of."""

    understood: Understood
    choices: Choices
    drafts: list[Draft]
    absent: list[Absent]
    """Projects of the same zones and ledgers that no sheet lists."""
    seq: int
    zone_names: dict[int, tuple[str, str]]
    """Zone id → code and short name, of the zones that rows were found for."""
    industries: dict[str, str]
    reasons: list[str]
    """Fields whose change wants a reason; one serves for all."""
    light_rules: Mapping[str, Any]
    """In force when the rows were compared."""
    stated: dict[tuple[int, int], int] = field(default_factory=dict)
    """The register's figure beside a figure of a summary sheet: (sheet, check) → whole yuan or a count."""
    made: Any = None
    """The rows to write, where ``import_rows.make`` has made them already."""

    @property
    def counts(self) -> dict[str, int]:
        """Rows by what becomes of them; ``amber`` are rows with a doubtful cell, whatever else they are."""
        found = dict.fromkeys(("new", "changed", "same", "move", "left", "doubtful", "refused", "elsewhere"), 0)
        for draft in self.drafts:
            found[draft.state] += 1
        found["amber"] = sum(1 for d in self.drafts if d.notes or d.state == "doubtful")
        found["written"] = sum(1 for d in self.drafts if d.writes)
        found["moved"] = sum(1 for d in self.drafts if d.moves)
        found["absent"] = len(self.absent)
        found["absent_acted"] = sum(1 for a in self.absent if a.acts)
        return found


def prepare(desk: Desk, understood: Understood, choices: Choices) -> Prepared:
    """Judge every row of the workbook against the register as it stands now."""
    desk.ask(Act.IMPORT_RUN)
    every = desk.link.rows(EVERY_ZONE)
    zones = {code: id_ for id_, code, *_ in every}
    called = {code: short or name for _, code, name, short, _ in every}
    _hers(desk, choices, zones)
    drafts = _placed(desk, understood, choices, zones, called)
    with_codes = [any(table.column(name) for name in CODES) for table in understood.tables]
    coded = [d for d in drafts if with_codes[d.sheet]]
    index = _index(desk, {d.zone_id for d in drafts if d.zone_id and d.state == "new"}, coded)
    codes = {
        text: i["code"] for i in reversed(industries.list_(desk)) for text in (i["code"], i["name"], *i["aliases"])
    }
    index.reports = told_months.known_in(desk, {row[AT["zone_id"]] for row in index.rows}, understood.tables)
    shut = told_months.shut_in(desk, {d.zone_id for d in drafts if d.zone_id}, understood.tables)
    gates = entering.gates(desk)
    moving = Moving(desk, gates)
    judge = Judge(desk, choices, gates, index, moving, later(desk, left_behind(index, coded)))
    for draft in drafts:
        if draft.state != "elsewhere":
            draft.ours = understood.own[draft.sheet]
            draft.shut = shut.get(draft.zone_id or 0, {})
            judge.judge(draft, understood.tables[draft.sheet])
    twins(drafts)
    for draft in drafts:
        if (
            draft.state == "new"
            and draft.parent is not None
            and not (draft.parent.known or draft.parent.state == "new")
        ):
            draft.doubt("The project above it is left out, and this is a part of it")
    absent = absences.find(
        [d for d in drafts if understood.tables[d.sheet].kind != "project_page"], drafts, index, choices, moving
    )
    reasons = sorted(_reasons(drafts, absent))
    told = stated.compare(desk, understood, choices)
    lights = entering.setting(desk, LIGHT_RULES_KEY, {"rules": LIGHT_RULES[USUAL]})["rules"]
    names = _names(every, drafts)
    return Prepared(understood, choices, drafts, absent, _seq(desk), names, codes, reasons, lights, told)


def _reasons(drafts: list[Draft], absent: list[Absent]) -> set[str]:
    """Fields whose change wants a reason. A choice about a project that is not listed may carry its own."""
    wanted = {f for d in drafts if d.writes and d.known for f in reasons_needed(d.known, d.values)}
    moves = [d.move for d in drafts if d.moves] + [a.move for a in absent if a.acts and not a.choice.get("reason")]
    below_zero = any(n.endswith(".invested_yuan") and v < 0 for d in drafts if d.writes for n, v in d.months.items())
    if below_zero:
        wanted.add("invested_this_month_yuan")
    if any(m is not None and (m.back or m.forced) for m in moves):
        wanted.add("ledger")
    if any(a.do == "exit" and not a.choice.get("reason") for a in absent):
        wanted.add("disposition")
    return wanted


def _hers(desk: Desk, choices: Choices, zones: Mapping[str, int]) -> None:
    """A zone that a person names must be one that she sees."""
    for code in (choices.zone, *(s.get("zone") for s in choices.sheets.values())):
        if code and (code not in zones or not desk.actor.sees(zones[code])):
            raise NotFound("There is no zone {zone} that you may see", zone=code)


# ── where a row belongs ──────────────────────────────────────────────────────────────────────────────────────────────
def _placed(
    desk: Desk, understood: Understood, choices: Choices, zones: Mapping[str, int], called: Mapping[str, str]
) -> list[Draft]:
    drafts: list[Draft] = []
    may = {id_: desk.may(Act.IMPORT_RUN, id_) for id_ in zones.values()}
    for at, table in enumerate(understood.tables):
        if table.kind not in LISTING or choices.sheets.get(table.sheet, {}).get("skip"):
            continue
        above: Draft | None = None
        name = table.column("name")
        for row in table.rows:
            draft = Draft(at, row, name_at=row.at(name.index) if name else "")
            _zone(draft, choices, zones, called)
            _ledger(draft, choices)
            if draft.zone_id and not may[draft.zone_id]:
                draft.state = "elsewhere"
            if row.level == 0:
                above = draft
            elif above is not None:
                draft.parent = above
            drafts.append(draft)
        drafts += [_nameless(at, table, line) for line in table.others if line.kind == "unclear"]
    return drafts


def _nameless(at: int, table: Table, line: Any) -> Draft:
    draft = Draft(at, Row(table.sheet, line.row + 1, "", line.text, "", 0, []))
    draft.refuse("The row names no project; add the name, or delete the row")
    return draft


def _zone(draft: Draft, choices: Choices, zones: Mapping[str, int], called: Mapping[str, str]) -> None:
    row = draft.row
    chosen = choices.of(row.sheet, "zone")
    code = chosen if chosen and (choices.of(row.sheet, "force") or row.zone_code is None) else row.zone_code
    if code is not None and code in zones:
        draft.zone, draft.zone_id = code, zones[code]
        if row.zone and code != row.zone_code:
            draft.note(
                "The sheet says {zone}; as you asked, the row goes to {code}"
                if row.zone_code
                else "{zone} is not in the register; as you asked, the row goes to {code}",
                zone=row.zone,
                code=called[code],
            )


def _ledger(draft: Draft, choices: Choices) -> None:
    row = draft.row
    chosen = choices.of(row.sheet, "ledger")
    draft.ledger = chosen if chosen and (choices.of(row.sheet, "force") or row.ledger is None) else row.ledger
    if row.ledger_doubtful and draft.ledger == row.ledger:
        draft.note(
            "The sheet's word for this ledger is used for another one elsewhere; it is read as {ledger}",
            ledger=Word(f"Ledger.{row.ledger}"),
        )


# ── what the register knows ──────────────────────────────────────────────────────────────────────────────────────────
def _index(desk: Desk, zone_ids: set[int], coded: list[Draft]) -> Index:
    """Every project of these zones, deleted ones too; and those that rows name by code, wherever she sees them."""
    rows = desk.select(
        Project,
        "of_zones",
        lambda q, t: q.where(in_zones(t.c.zone_id, desk.link.dialect, "zones")),
        {"zones": zones_value(desk.link.dialect, sorted(zone_ids))},
        columns=lambda t: [t.c[c] for c in COLUMNS],
        deleted="with",
    )
    index = Index(rows)
    codes = {
        str(d.value).strip().upper() for draft in coded for name in CODES if (d := draft.row.get(name)) and d.value
    }
    strange = sorted(codes - index.by_code.keys())
    if strange:
        rows = rows + desk.select(
            Project, "by_codes", by_codes(desk.link.dialect), {"codes": code_values(desk.link.dialect, strange)},
            columns=lambda t: [t.c[c] for c in COLUMNS], deleted="with",
        )  # fmt: skip
        index = Index(rows)
    return index


def _seq(desk: Desk) -> int:
    return int(desk.link.value(HEAD) or 0)


def _names(every: list[tuple[Any, ...]], drafts: list[Draft]) -> dict[int, tuple[str, str]]:
    wanted = {d.zone_id for d in drafts}
    return {id_: (code, short or name) for id_, code, name, short, _ in every if id_ in wanted}
