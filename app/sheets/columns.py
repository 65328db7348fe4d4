"""From the heading of a sheet to its columns: year and month, field, unit, and what is not certain about each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from app.sheets.headings import Heading, joined
from app.sheets.sayings import ColumnSaid, column_said, target_said
from app.sheets.tables import Column
from app.sheets.targets import UNKNOWN, Setting, Target, target_of
from app.sheets.titles import Title
from app.sheets.vocabulary import ledger_in
from app.sheets.workbook import letter


def setting_of(title: Title, heading: Heading, sheet_name: str) -> Setting:
    """Year, month and ledger of the sheet. A title that leaves them open is completed from the headings."""
    year, month = title.period.year, title.period.last
    named = [target_of(path, Setting()) for path in heading.paths if path]
    if year is None:
        years = Counter(one.year for one in named if one.year and one.kind in ("plan", "year_to_date", "before_year"))
        year = years.most_common(1)[0][0] if years else None
    if month is None:
        month = max((one.month for one in named if one.month and one.kind == "year_to_date"), default=None)
    return Setting(year, month, title.ledger or ledger_in(sheet_name))


def columns_under(
    heading: Heading, setting: Setting, line_unit: str | None, said: Mapping[int, ColumnSaid] | None = None
) -> list[Column]:
    """Every column with its meaning."""
    return columns_called(heading.paths, [*map(letter, range(len(heading.paths)))], setting, line_unit, said or {})


def columns_called(
    paths: Sequence[tuple[str, ...]],
    names: Sequence[str],
    setting: Setting,
    line_unit: str | None,
    hers: Mapping[int, ColumnSaid],
    blank: Collection[int] = (),
) -> list[Column]:
    """What these captions mean: what a person said, else what they say themselves. A field is read once; hers wins.

    ``names``: the letter of each column, or on a page about one project the cell of each caption. One that is ``blank``
    leaves its field to the next that means it.
    """
    targets = [target_of(path, setting) for path in paths]
    for index in hers.keys() & set(range(len(targets))):
        targets[index] = target_said(targets[index], hers[index], paths[index], setting)
    stated = Counter(one.unit for one in targets if one.unit and one.value_kind == "money")
    columns, seen = [], {_alike(targets[n]) for n in hers if n < len(targets) and hers[n].field}
    for index, (path, name, target) in enumerate(zip(paths, names, targets, strict=True)):
        column = with_unit(Column(index, name, joined(path), target, target.doubt), line_unit, stated)
        same = _alike(column.target)
        spoken = hers.get(index)
        if spoken is not None:
            column = column_said(column, spoken)
        if spoken is not None and spoken.field:
            pass  # whatever else was read as the same field
        elif target.field and target.value_kind != "derived" and same in seen:
            column = replace(column, target=UNKNOWN, doubt="Another column was already read as this field")
        elif target is UNKNOWN and path:
            column = replace(column, doubt="No field of the register matches this caption")
        if index not in blank:
            seen.add(same)
        columns.append(column)
    return columns


def _alike(target: Target) -> Target:
    """Two columns that differ in nothing else are one field told twice."""
    return target._replace(unit=None, doubt=None)


def with_unit(column: Column, line_unit: str | None, stated: Counter[str] | None = None) -> Column:
    """The unit of an amount: its own heading, else the unit line, else its neighbours', else 万元 in doubt."""
    target, stated = column.target, stated or Counter()
    if target.value_kind != "money" or (target.field.endswith("_usd") and not target.unit):
        is_dollars = target.field.endswith("_usd")
        return replace(column, target=target._replace(unit="万美元"), unit_from="assumed") if is_dollars else column
    if target.unit:
        return replace(column, unit_from="heading")
    if line_unit:
        return replace(column, target=target._replace(unit=line_unit), unit_from="line")
    if len(stated) == 1:
        unit = next(iter(stated))
        doubt = column.doubt or "No unit is stated; that of the other amounts is taken"
        return replace(column, target=target._replace(unit=unit), doubt=doubt, unit_from="neighbours")
    doubt = "No unit is stated; 万元 is taken"
    return replace(column, target=target._replace(unit="万元"), doubt=doubt, unit_from="assumed")


def unit_of(columns: list[Column], title: Title) -> str | None:
    units = Counter(column.target.unit for column in columns if column.target.value_kind == "money")
    return title.unit or (units.most_common(1)[0][0] if units else None)
