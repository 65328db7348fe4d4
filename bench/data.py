"""Seeded data for the benchmark: 2,543 zones, a fifth of the projects in fifty large ones so that pages are full.

Up to 100,000 projects come in through the funnel, those in construction with a report of the month. More are copies of
them in the same zones under other names, poured in by SQL with their versions, reports, search terms and sums; acts and
changes are not copied, so the audit is nothing for such a register.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from app.db import Database, house
from app.demo.plenty import many_projects, many_zones
from app.desk import Desk
from app.engine import Link, Sql, lite, sqlite_path
from app.findable import of_project
from app.models import NOUNS, Period, Project, Report, Zone, core
from app.rules.access import Act
from app.rules.calendar import CALENDAR, STEPS, due_day, last_day
from app.schema import migrate
from app.settings import Settings

ZONES, LARGE = 2_543, 50
AT_ONCE = 5_000
FUNNELLED = 100_000
"""Projects that come in through the funnel; what is beyond is copied."""


def built(folder: Path, projects: int) -> Settings:
    """The settings of a register with so many projects; it is built once and used again."""
    path = folder / f"bench-{projects}.db"
    settings = Settings(database_url=f"sqlite:///{path}", files_dir=folder / "files", secret_file=folder / "secret")
    if not path.exists():
        building = path.with_suffix(".building")
        for old in folder.glob(f"{building.name}*"):
            old.unlink()
        smaller = built(folder, FUNNELLED) if projects > FUNNELLED else None
        began = time.perf_counter()
        if smaller is None:
            _build(Settings(database_url=f"sqlite:///{building}"), projects)
        else:
            _multiply(sqlite_path(smaller.database_url), building, projects)
        building.rename(path)
        print(
            f"built {projects:,} projects in {ZONES:,} zones: {time.perf_counter() - began:.0f} s, {path.stat().st_size / 2**20:.0f} MiB"
        )
    return settings


def _build(settings: Settings, projects: int) -> None:
    migrate(settings.database_url)
    db = Database(settings)
    try:
        codes: dict[str, int] = db.act_now(house(), _zones).value
        rows = _spread(projects, list(codes))
        while batch := list(islice(rows, AT_ONCE)):
            db.act_now(house(), _projects, batch, codes)
        db.chore_now(lambda link: link.raw.execute("ANALYZE"))
    finally:
        db.close()


def _zones(desk: Desk) -> dict[str, int]:
    desk.ask(Act.DEMO_LOAD)
    made = [Zone(**zone) for zone in many_zones(ZONES)]
    desk.keep(made)
    month = desk.today[:7]
    due: dict[str, Any] = {f"{step}_due_on": due_day(month, step, CALENDAR) for step in STEPS}
    desk.keep(Period(month=month, first_month=month, cut_off_on=last_day(month), opened_on=desk.today, **due))
    return {zone.code: zone.id or 0 for zone in made}


def _spread(projects: int, codes: list[str]) -> Iterator[dict[str, Any]]:
    yield from many_projects(projects // 5, codes[:LARGE], 1)
    yield from many_projects(projects - projects // 5, codes[LARGE:], 2)


def _projects(desk: Desk, rows: list[dict[str, Any]], codes: dict[str, int]) -> None:
    desk.ask(Act.DEMO_LOAD)
    columns = set(Project.model_fields) - {"zone_id"}
    made = [Project(zone_id=codes[row["zone"]], **{k: v for k, v in row.items() if k in columns}) for row in rows]
    desk.keep(made)
    month = desk.today[:7]
    desk.keep(
        [
            Report(zone_id=row.zone_id, project_id=row.id or 0, month=month, cumulative_this_year_yuan=row.invested_this_year_yuan)
            for row in made
            if row.ledger == "in_construction" and row.invested_this_year_yuan is not None
        ]
    )  # fmt: skip


# ── copies ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _multiply(smaller: str, building: Path, projects: int) -> None:
    """A register of so many hundred thousand projects from one of a hundred thousand."""
    source = lite.connect(smaller)
    with lite.connect(str(building)) as target:
        source.backup(target)
    db = Database(Settings(database_url=f"sqlite:///{building}"))
    try:
        dropped = db.chore_now(_without_indexes)
        for copy in range(1, -(-projects // FUNNELLED)):
            db.chore_now(lambda link, copy=copy: _copied(link, copy))  # type: ignore[misc]
        for index in (*dropped, "ANALYZE"):
            db.chore_now(lambda link, index=index: link.raw.execute(index))  # type: ignore[misc]
    finally:
        db.close()


def _without_indexes(link: Link) -> list[str]:
    """The statements that make the indexes of the copied tables, which are gone: at the end they are made ten times faster."""
    tables = [f"'{t.name}'" for name in ("project", "report") for t in (NOUNS[name].table, NOUNS[name].versions)]
    found = link.raw.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({', '.join(tables)})"
    ).fetchall()
    for name, _ in found:
        link.raw.execute(f"DROP INDEX {name}")
    link.raw.execute("PRAGMA cache_size = -1000000")
    return [sql for _, sql in found]


def _copied(link: Link, copy: int) -> None:
    """Everything that the funnel wrote of projects and reports once more, under other numbers and names."""
    for name in ("project", "report"):
        noun, shift = NOUNS[name], copy * 10_000_000
        changed = {
            "id": f"id + {shift}", "code": f"code || '-{copy}'", "project_id": f"project_id + {shift}",
            "name": f"name || '·{copy}'", "search_name": f"search_name || '·{copy}'",
        }  # fmt: skip
        for table in (noun.table, noun.versions):
            columns = [c.name for c in table.columns]
            values = ", ".join(changed.get(c, c) for c in columns)
            link.raw.execute(
                f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {values} FROM {table.name} WHERE id < 10000000"
            )
    found = link.raw.execute(
        f"SELECT id, name, investor_name, location, zone_id, enterprise_id FROM project WHERE id > {copy * 10_000_000}"
    )
    while rows := found.fetchmany(AT_ONCE):
        link.raw.executemany(
            "INSERT INTO search (rowid, terms) VALUES (?, ?)",
            [(row[0], " ".join(of_project(*row[1:]))) for row in rows],
        )
    for table in (core.total, core.light_total, core.dated_total):
        keys = {c.name for c in table.primary_key.columns}
        more = ", ".join(f"{c.name} = {c.name} / {copy} * {copy + 1}" for c in table.columns if c.name not in keys)
        link.run(Sql(f"UPDATE {table.name} SET {more}"))
