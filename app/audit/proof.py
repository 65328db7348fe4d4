"""All parts of an audit in one consistent look at the register."""

from __future__ import annotations

from pathlib import Path

from app.audit import checkpoint as outside
from app.audit.chain import check_chain
from app.audit.replay import check_replay
from app.audit.report import Part, Report
from app.audit.weighing import Scales, check_sums
from app.engine import Link, connect
from app.settings import Settings


def verify(settings: Settings, *, checkpoint: Path | None = None, write_checkpoint: Path | None = None) -> Report:
    """Prove the register as it is now; with ``checkpoint`` also that it still stands where that file saw it.

    ``write_checkpoint`` writes a new checkpoint when nothing was found.
    """
    link = connect(settings.database_url, write=False)
    try:
        link.begin(write=False)
        parts = [*prove(link), outside.check(link, settings.secret_file, checkpoint)]
        report = Report(parts, settings.locale)
        if write_checkpoint is not None and report.sound:
            outside.write(link, settings.secret_file, write_checkpoint)
        link.end(keep=False)
        return report
    finally:
        link.close()


def prove(link: Link) -> list[Part]:
    """Chain, replay and sums, inside the transaction that ``link`` is in."""
    scales = Scales()
    return [check_chain(link), check_replay(link, scales), check_sums(link, scales)]
