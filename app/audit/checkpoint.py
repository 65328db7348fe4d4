"""A checkpoint: where the chain stood, signed with the register's secret, to be kept where nobody here can write."""

from __future__ import annotations

import hmac
from pathlib import Path

import orjson

from app import clock
from app.audit.report import Part
from app.differences import canonical
from app.engine import Link, Sql
from app.errors import Conflict
from app.secret import sign

HEAD = Sql("SELECT seq, at, hash FROM head")
ACT = Sql("SELECT at, hash FROM act WHERE seq = :seq")
SIGNED = ("seq", "at", "hash", "written_at")


def write(link: Link, secret_file: Path, file: Path) -> int:
    """Write where the chain stands now into ``file``; the number of the act."""
    seq, at, said = link.row(HEAD) or (0, "", "")
    facts = {"seq": seq, "at": at, "hash": said, "written_at": clock.moment()}
    facts["signature"] = sign(secret_file, canonical({k: facts[k] for k in SIGNED}))
    file.write_bytes(orjson.dumps(facts, option=orjson.OPT_INDENT_2) + b"\n")
    return int(seq)


def check(link: Link, secret_file: Path, file: Path | None) -> Part:
    """Does the chain still stand where a checkpoint saw it? Raises Conflict for a file that is no checkpoint."""
    part = Part("Checkpoint", ran=file is not None)
    if file is None:
        return part
    facts = _read(file)
    part.looked_at = 1
    if not hmac.compare_digest(sign(secret_file, canonical({k: facts[k] for k in SIGNED})), str(facts["signature"])):
        part.wrong("The checkpoint was not signed with this register's secret")
        return part
    seq = facts["seq"]
    row = link.row(ACT, {"seq": seq})
    if seq and row is None:
        part.wrong("Act {seq}, which the checkpoint saw, does not exist", seq=seq)
    elif seq and row != (facts["at"], facts["hash"]):
        part.wrong("Act {seq} is not the one that the checkpoint saw", seq=seq)
    return part


def _read(file: Path) -> dict[str, object]:
    try:
        facts = orjson.loads(file.read_bytes())
        wanted: dict[str, object] = {name: facts[name] for name in (*SIGNED, "signature")}
    except (ValueError, KeyError, TypeError) as error:
        raise Conflict("{file} is not a checkpoint", file=file.name) from error
    return wanted
