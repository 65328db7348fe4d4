"""One archive of the whole register, and the way back.

The archive is a zip: a manifest, each table as JSON lines, and every file of evidence or imports under its digest. The
lines are the same whichever database they came from, so a register may also move from SQLite to PostgreSQL or back.
"""

from app.backup.making import backup
from app.backup.restoring import restore

__all__ = ["backup", "restore"]
