"""Seeded data for the benchmark: 2,543 zones, a fifth of the projects in fifty large ones so that pages are full."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from app.db import Database, house
from app.demo.plenty import many_projects, many_zones
from app.desk import Desk
from app.models import Project, Zone
from app.rules.access import Act
from app.schema import migrate
from app.settings import Settings

ZONES, LARGE = 2_543, 50
AT_ONCE = 5_000


def built(folder: Path, projects: int) -> Settings:
    """The settings of a register with so many projects; it is built once and used again."""
    path = folder / f"bench-{projects}.db"
    settings = Settings(database_url=f"sqlite:///{path}", files_dir=folder / "files", secret_file=folder / "secret")
    if not path.exists():
        building = path.with_suffix(".building")
        for old in folder.glob(f"{building.name}*"):
            old.unlink()
        began = time.perf_counter()
        _build(Settings(database_url=f"sqlite:///{building}"), projects)
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
    return {zone.code: zone.id or 0 for zone in made}


def _spread(projects: int, codes: list[str]) -> Iterator[dict[str, Any]]:
    yield from many_projects(projects // 5, codes[:LARGE], 1)
    yield from many_projects(projects - projects // 5, codes[LARGE:], 2)


def _projects(desk: Desk, rows: list[dict[str, Any]], codes: dict[str, int]) -> None:
    desk.ask(Act.DEMO_LOAD)
    columns = set(Project.model_fields) - {"zone_id"}
    desk.keep([Project(zone_id=codes[row["zone"]], **{k: v for k, v in row.items() if k in columns}) for row in rows])
