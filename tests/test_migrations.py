"""A register is brought up to date whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.engine import connect
from app.schema import described, migrate, upgrade
from tests.postgres import Server


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_a_migration_that_fails_half_way_leaves_the_register_as_it_was(
    dialect: str, postgres: Server, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/old.db" if dialect == "sqlite" else postgres.create("old")
    upgrade(url, "0002")
    link = connect(url, write=True)
    link.raw.execute("CREATE TABLE layout (mine INTEGER)")  # a table of this name is made by a later migration
    before = described(link)
    with pytest.raises(Exception, match="layout"):
        migrate(url)
    assert described(link) == before
    link.raw.execute("DROP TABLE layout")
    link.close()
    migrate(url)
    if dialect == "postgresql":
        postgres.drop("old")
