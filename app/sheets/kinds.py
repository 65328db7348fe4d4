"""What sort of sheet this is, with the reason a person can check."""

from __future__ import annotations

from typing import Any, Literal

from app.sheets.grid import Grid
from app.sheets.headings import Heading
from app.sheets.rows import Columns, Line
from app.sheets.targets import Target, is_caption

SheetKind = Literal["list", "summary", "project_page", "month_grid", "blank_form", "unknown"]

Judged = tuple[SheetKind, str, dict[str, Any]]


def kind_of(
    grid: Grid, heading: Heading | None, targets: list[Target], places: Columns | None, lines: list[Line]
) -> Judged:
    """The kind, a msgid that says why, and its values."""
    if heading is None or (not targets and not is_page(grid, heading)):
        if all(grid.is_blank(row) for row in range(grid.height)):
            return "unknown", "The sheet is empty", {}
        if is_page(grid, heading):
            return "project_page", "Captions stand left of or above their values, as on a page about one project", {}
        return "unknown", "No row names two or more known columns", {}
    if (places is None or places.key is None) and is_page(grid, heading):
        return "project_page", "Captions stand left of or above their values, as on a page about one project", {}
    if places is None:
        return _without_names(targets)
    count = sum(1 for line in lines if line.kind == "data")
    if count == 0:
        return "blank_form", "The heading is complete, but no row names a project", {}
    months = {target.month for target in targets if target.kind == "month" and target.field == "invested_yuan"}
    if len(months) >= 3:
        return (
            "month_grid",
            "{count} rows with one column for each of {months} months",
            {"count": count, "months": len(months)},
        )
    return "list", "{count} rows, each naming a project", {"count": count}


def _without_names(targets: list[Target]) -> Judged:
    fields = {target.field for target in targets}
    if "project_count" in fields:
        return "summary", "Projects are counted here, none is named", {}
    if "zone" in fields:
        return "summary", "One line for each zone; no project is named", {}
    if sum(1 for target in targets if target.value_kind == "money") >= 2:
        return "summary", "Amounts are summed here, no project is named", {}
    return "unknown", "No column holds the names of projects", {}


def is_page(grid: Grid, heading: Heading | None) -> bool:
    """Known captions spread over several rows, few in each, with their values beside them."""
    if grid.height > 80:
        return False
    spread = []
    for row in range(grid.height):
        known = [column for column in grid.filled(row)[:40] if is_caption(grid.text(row, column))]
        if known:
            spread.append(len(known))
    if heading is not None and max(spread, default=0) >= 5:
        return False
    return len(spread) >= 4 and sum(spread) >= 5 and max(spread) <= 4
