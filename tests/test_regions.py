"""A national code that was given in another region than the zone's: said in the ledger's cell and before an import."""

from __future__ import annotations

import pytest

from app.desk import Desk
from app.pages.rows import Look, Rows, needs
from app.rules.codes import Ledger
from app.services import ledger_pages, preparing, projects, zones
from app.services.asking import Asked
from app.services.columns import chosen
from tests.cast import Cast

ZONE, HERE, THERE = "371502-ETDZ", "2502-371502-04-01-123456", "2502-371525-04-01-123456"
SAID = "given in region 371525, the zone lies in 371502"


@pytest.fixture
def cast_in_a_region(sqlite_cast: Cast) -> Cast:
    facts = {"code": ZONE, "name": "Region Zone"}
    sqlite_cast.database.act_now(sqlite_cast.key("admin"), zones.create, facts)
    return sqlite_cast


def test_the_cell_says_so_and_an_import_before_it_is_written(cast_in_a_region: Cast) -> None:
    cast = cast_in_a_region
    for code in (HERE, THERE):
        cast.database.act_now(cast.key("admin"), projects.create, {"name": code, "national_code": code}, zone=ZONE)
    columns = chosen(Ledger.RESERVE, ["national_code"])

    def painted(desk: Desk) -> list[str]:
        sheet = ledger_pages.sheet(desk, Asked((ZONE,), "reserve", sort=("name",)), lambda keys: needs(columns), None)
        rows = Rows(Look(columns, "yi", "en", True, frozenset({"facts"})), sheet.page.names, sheet.zone_names)
        return [rows.row(values, "", True) for values in sheet.page.rows]

    here, there = cast.database.ask_now(cast.key("admin"), painted)
    assert (SAID in here, SAID in there) == (False, True)
    assert f'data-field="national_code" data-v="{THERE}"' in there, "what is typed is the code alone"
    text = f"项目名称,项目代码\nNew,{THERE}\nOther,{HERE}\n"
    known = cast.database.ask_now(cast.key("admin"), preparing.spellings)
    understood = preparing.read(text.encode(), "sheet.csv", known)
    choices = preparing.Choices(zone=ZONE, ledger="reserve")
    drafts = cast.database.ask_now(cast.key("admin"), preparing.prepare, understood, choices).drafts
    assert [[note.field for note in draft.notes] for draft in drafts] == [["national_code"], []]
