"""${message}

A migration must work on SQLite and on PostgreSQL, and while the program of one version earlier still runs: add first,
remove a release later. Guards (triggers) are put back by ``app.schema.migrate``, never here.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
