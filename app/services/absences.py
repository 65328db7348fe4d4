"""本表未列: projects that the register has in a sheet's zone and ledger (and list), and that no sheet lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from app.rules.codes import Disposition, Relation
from app.rules.ledgers import LEFT
from app.services.choices import Choices
from app.services.draft import AT, Absent, Draft, Known
from app.services.matching import Index
from app.services.proposing import Moving

Place = tuple[int, str]


def find(
    listing: Iterable[Draft], drafts: Iterable[Draft], index: Index, choices: Choices, moving: Moving
) -> list[Absent]:
    """Each with what she chose for it; the default is to leave it as it is. Parts go with the project above them.

    ``listing`` are the rows of lists: a page about one project does not tell that there is no other.
    """
    rows = list(drafts)
    told = {int(d.known["id"]) for d in rows if d.known is not None}
    maybe: dict[int, list[tuple[str, int]]] = {}
    for draft in rows:
        for one in draft.candidates:
            maybe.setdefault(one.id, []).append((draft.row.sheet, draft.row.number))
    sheets = _places(list(listing))
    found = []
    for row in index.rows:
        sheet = _sheet(row, sheets, choices) if _listed(row) and row[AT["id"]] not in told else None
        if sheet is not None:
            found.append(_chosen(Absent(Known(row), sheet, maybe=maybe.get(row[AT["id"]], [])), choices, moving))
    return found


def _places(rows: list[Draft]) -> dict[Place, list[str]]:
    """Zone and ledger → the sheets that tell of them."""
    found: dict[Place, list[str]] = {}
    for draft in rows:
        if draft.zone_id and draft.ledger and draft.state != "elsewhere" and draft.row.name:
            sheets = found.setdefault((draft.zone_id, str(draft.ledger)), [])
            if draft.row.sheet not in sheets:
                sheets.append(draft.row.sheet)
    return found


def _listed(row: tuple[Any, ...]) -> bool:
    """Does it stand in its ledger by itself: not deleted, not gone, no part and no heading of phases?"""
    return (
        row[AT["deleted_at"]] is None
        and Disposition(row[AT["disposition"]]) not in LEFT
        and row[AT["relation"]] != Relation.PART
        and not row[AT["has_phases"]]
    )


def _sheet(row: tuple[Any, ...], sheets: dict[Place, list[str]], choices: Choices) -> str | None:
    """The sheet that should list it. One that tells of a list should list only the members."""
    for sheet in sheets.get((row[AT["zone_id"]], row[AT["ledger"]]), ()):
        code = choices.of(sheet, "of_list")
        if not code or any(entry["code"] == code for entry in orjson.loads(row[AT["lists"]])):
            return sheet
    return None


def _chosen(absent: Absent, choices: Choices, moving: Moving) -> Absent:
    said = choices.absent.get(str(absent.known["id"]))
    if said is None:
        return absent
    absent.choice, absent.do = said, said["do"]
    if absent.do == "move":
        if said.get("to"):
            absent.move = moving.propose(absent.known, {}, said["to"], None, said)
        else:
            absent.do = "leave"
    return absent
