"""A workbook beside the register: every row placed, matched, compared and judged. Reads only; nothing is kept here.

All of it happens before the lock is taken: what an import writes under the lock is already checked and already made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from app.desk import Desk, in_zones, zones_value
from app.engine import Sql
from app.errors import Invalid, NotFound
from app.models import Project
from app.models.base import meta
from app.rules.access import Act
from app.rules.codes import Disposition, Ledger
from app.rules.gates import missing, to_complete
from app.rules.identity import zone_key
from app.rules.ledgers import LEFT
from app.rules.money import reasons_needed
from app.services import entering, industries
from app.services.columns import Column
from app.services.conflicts import Later, later
from app.services.draft import Draft
from app.services.drafts import COLUMNS, fill
from app.services.matching import Index, by_codes, code_values, left_behind, match, twins
from app.services.own_workbooks import translated
from app.sheets.reading import read_workbook
from app.sheets.tables import Row, Table
from app.sheets.understanding import understand
from app.sheets.workbook import Workbook
from app.words import Word, say, word

HEAD = Sql("SELECT seq FROM head")
EVERY_ZONE = Sql("SELECT id, code, name, short_name, aliases FROM zone WHERE deleted_at IS NULL ORDER BY id")
"""Of other zones too: a row that names one must be left out, not taken for a name that nobody knows."""
LEAVE_OUT = -1
"""A decision about a row: the id of the project it means, 0 for a new one, or this."""


@dataclass(frozen=True)
class Understood:
    """A file that was read, before anybody looked into the register. ``tables`` are its sheets that were asked for."""

    book: Workbook
    tables: list[Table]
    own: list[dict[int, Column]] = field(default_factory=list)
    """For each sheet: its columns that are ours, when it came out of this register."""


@dataclass(frozen=True)
class Choices:
    """What a person says beside the sheet. ``zone`` and ``ledger`` fill what it leaves open; ``force`` overrules it.

    ``sheets``: the same for one sheet by its name, and ``skip``. ``rows``: decisions by ``sheet!row``.
    """

    zone: str | None = None
    ledger: str | None = None
    force: bool = False
    opening: bool = False
    sheets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)
    """Mine or theirs, by ``sheet!row!field``, where both were changed."""

    def about(self, draft: Draft) -> dict[str, str]:
        """Decisions about cells of a row, by field."""
        place = f"{draft.row.sheet}!{draft.row.number}!"
        return {p.removeprefix(place): d for p, d in self.cells.items() if p.startswith(place)}

    def of(self, sheet: str, name: str) -> Any:
        """Zone, ledger or force as chosen for a sheet, else for the whole file."""
        chosen = self.sheets.get(sheet, {}).get(name)
        return chosen if chosen not in (None, "") else getattr(self, name, None)


@dataclass
class Prepared:
    """Everything an import would do, and why. ``seq`` is the last act that it knows of."""

    understood: Understood
    choices: Choices
    drafts: list[Draft]
    seq: int
    zone_names: dict[int, tuple[str, str]]
    """Zone id → code and short name, of the zones that rows were found for."""
    industries: dict[str, str]
    reasons: list[str]
    """Fields whose change wants a reason; one serves for all."""

    @property
    def counts(self) -> dict[str, int]:
        """Rows by what becomes of them; ``amber`` are rows with a doubtful cell, whatever else they are."""
        found = dict.fromkeys(("new", "changed", "same", "move", "doubtful", "refused", "elsewhere"), 0)
        for draft in self.drafts:
            found[draft.state] += 1
        found["amber"] = sum(1 for d in self.drafts if d.notes or d.state == "doubtful")
        found["written"] = sum(1 for d in self.drafts if d.writes)
        return found


def spellings(desk: Desk) -> dict[str, str]:
    """Every spelling of every zone of the register → its code, folded as ``rules.identity.zone_key`` does."""
    found: dict[str, str] = {}
    for _, code, name, short, aliases in desk.link.rows(EVERY_ZONE):
        for spelling in (code, name, short, *orjson.loads(aliases)):
            if spelling:
                found.setdefault(zone_key(spelling), code)
    return found


def read(data: bytes, filename: str, names: Mapping[str, str], sheet: str | None = None) -> Understood:
    """The file, read in a throw-away child process and understood. Outside any transaction.

    ``names`` are ``spellings``. Raises Invalid for a file that cannot be read, or when it has no such ``sheet``.
    """
    book = read_workbook(data, filename)
    sheets = [s for s in book.sheets if sheet is None or s.name == sheet]
    if not sheets:
        raise Invalid("The file has no sheet named “{sheet}”", code="no_such_sheet", sheet=sheet or "")

    def zone_of(text: str) -> str | None:
        return names.get(zone_key(text))

    spoken = [translated(s) for s in sheets]
    tables = [understand(s.sheet, zone_of, s.heading) for s in spoken]
    return Understood(book, tables, [s.columns for s in spoken])


def ledger_named(text: str) -> str:
    """A ledger by its code, as a person or a program names it. Raises Invalid."""
    if text not in {ledger.value for ledger in Ledger}:
        raise Invalid.one("/ledger", "not_in_list", "Choose one of: {choices}", choices=", ".join(Ledger))
    return text


def prepare(desk: Desk, understood: Understood, choices: Choices) -> Prepared:
    """Judge every row of the workbook against the register as it stands now."""
    desk.ask(Act.IMPORT_RUN)
    every = desk.link.rows(EVERY_ZONE)
    zones = {code: id_ for id_, code, *_ in every}
    called = {code: short or name for _, code, name, short, _ in every}
    _hers(desk, choices, zones)
    drafts = _placed(desk, understood, choices, zones, called)
    index = _index(desk, {d.zone_id for d in drafts if d.zone_id and d.state == "new"}, drafts)
    codes = {
        text: i["code"] for i in reversed(industries.list_(desk)) for text in (i["code"], i["name"], *i["aliases"])
    }
    judge = _Judge(desk, choices, entering.gates(desk), index, later(desk, left_behind(index, drafts)))
    for draft in drafts:
        if draft.state != "elsewhere":
            draft.ours = understood.own[draft.sheet]
            judge.judge(draft, understood.tables[draft.sheet])
    twins(drafts)
    for draft in drafts:
        if (
            draft.state == "new"
            and draft.parent is not None
            and not (draft.parent.known or draft.parent.state == "new")
        ):
            draft.doubt("The project above it is left out, and this is a part of it")
    reasons = sorted({f for d in drafts if d.writes and d.known for f in reasons_needed(d.known, d.values)})
    return Prepared(understood, choices, drafts, _seq(desk), _names(every, drafts), codes, reasons)


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
        if table.kind not in ("list", "month_grid") or choices.sheets.get(table.sheet, {}).get("skip"):
            continue
        above: Draft | None = None
        for row in table.rows:
            draft = Draft(at, row)
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
def _index(desk: Desk, zone_ids: set[int], drafts: list[Draft]) -> Index:
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
        str(d.value).strip().upper()
        for draft in drafts
        for name in ("key", "code")
        if (d := draft.row.get(name)) and d.value
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


# ── the judgement ────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass
class _Judge:
    desk: Desk
    choices: Choices
    gates: Mapping[str, Any]
    index: Index
    later: Mapping[int, Mapping[str, Later]]

    def judge(self, draft: Draft, table: Table) -> None:
        if draft.state == "refused":
            return
        decided = self.choices.rows.get(f"{draft.row.sheet}!{draft.row.number}")
        if decided == LEAVE_OUT:
            draft.doubt("Left out, as you decided")
            return
        match(draft, self.index, decided)
        if draft.state in ("refused", "doubtful"):
            if draft.state == "doubtful":
                fill(draft, table, self.desk.today)
            return
        if draft.known is None and not self._complete(draft):
            return
        if draft.own and draft.known:
            draft.later = self.later.get(int(draft.known["id"]), {})
            draft.decided = self.choices.about(draft) if draft.later else {}
        fill(draft, table, self.desk.today)
        if draft.state in ("refused", "doubtful"):
            return
        if draft.known is None:
            self._enter(draft)
        else:
            self._stay(draft)
        self._spent(draft)

    def _complete(self, draft: Draft) -> bool:
        if not draft.zone_id:
            if draft.row.zone:
                draft.doubt("{zone} is not in the register; choose the zone", zone=draft.row.zone)
            else:
                draft.doubt("The sheet names no zone; choose one")
        elif draft.ledger is None:
            draft.doubt("The sheet names no ledger; choose one")
        return draft.state == "new"

    def _enter(self, draft: Draft) -> None:
        """The gate of the ledger a new row names. An opening is taken as it stands; otherwise the gate blocks."""
        desk, to = self.desk, str(draft.ledger)
        facts = {**draft.values}
        draft.missing = tuple(group[0] for group in to_complete(self.gates, facts, to))
        if self.choices.opening:
            draft.pending = True
            if draft.missing:
                draft.note("To be completed: {fields}", fields=self._titles(draft.missing))
            return
        on = facts.get("completed_on" if to == Ledger.COMPLETED else "started_on") or desk.today
        draft.pending = missing(self.gates, facts, to, None, (), on).evidence_missing
        if not draft.missing:
            return
        if desk.may(Act.PROJECT_OVERRIDE, draft.zone_id):
            draft.forced = True
            draft.note(
                "Enters {ledger} although it lacks: {fields}",
                ledger=self._ledger(to),
                fields=self._titles(draft.missing),
            )
        else:
            draft.refuse(
                "To enter {ledger} it lacks: {fields}. Add them in the sheet, or send it as an opening",
                ledger=self._ledger(to), fields=self._titles(draft.missing),
            )  # fmt: skip

    def _stay(self, draft: Draft) -> None:
        """A project that stands elsewhere is a proposed move, never a field that is written."""
        known = draft.known or {}
        if Disposition(known["disposition"]) in LEFT:
            draft.doubt("It has left the ledgers; resume it first")
            return
        if draft.ledger in (None, known["ledger"]):
            return
        here, there = self._ledger(known["ledger"]), self._ledger(str(draft.ledger))
        moved = draft.later.get("ledger")
        if moved is not None and moved.before == draft.ledger:
            draft.note("It was moved to {here} after the sheet was written, and stays there", here=here)
            return
        if draft.row.ledger_doubtful and not self.choices.of(draft.row.sheet, "force"):
            draft.note("The register has it in {here}; the sheet's word is not clear, so it stays", here=here)
            return
        draft.state = "move"
        draft.note(
            "The register has it in {here}, the sheet in {there}: a move, to be made on its page",
            here=here,
            there=there,
        )
        facts = {**known, **draft.values}
        lacks = [group[0] for group in to_complete(self.gates, facts, str(draft.ledger))]
        if lacks:
            draft.note("For the move it lacks: {fields}", fields=self._titles(lacks))

    def _spent(self, draft: Draft) -> None:
        facts = {**(draft.known or {}), **draft.values}
        before, this, total = (
            facts.get(n) for n in ("opening_before_year_yuan", "opening_this_year_yuan", "total_investment_yuan")
        )
        touched = {"total_investment_yuan", "opening_before_year_yuan", "opening_this_year_yuan"} & draft.values.keys()
        if touched and total is not None and before is not None and this is not None and before + this > total:
            draft.note("More was spent ({spent}) than the total investment ({total})", draft.cells.get("total_investment_yuan"),
                       spent=before + this, total=total)  # fmt: skip

    def _ledger(self, ledger: str) -> str:
        return word(ledger, "Ledger", self.desk.language)

    def _titles(self, fields: Any) -> str:
        mark = "、" if self.desk.language == "zh_CN" else ", "
        return mark.join(title(name, self.desk.language) for name in fields)


def title(name: str, language: str) -> str:
    """What a field of a project is called."""
    found = Project.model_fields.get(name)
    return say(str(found.title), language) if found is not None and found.title else name


def kind_of(name: str) -> dict[str, Any]:
    """Kind, unit and codes of a field of a project."""
    found = Project.model_fields.get(name)
    return meta(found) if found is not None else {}
