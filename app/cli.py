"""The commands of ``sanzhang``: serve, migrate, demo, people and keys, workbooks in and out, backup, doctor."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from app import clock, enrol, words
from app.db import Database, house
from app.errors import Invalid, Refusal
from app.schema import at_head
from app.schema import migrate as migrate_schema
from app.settings import Settings, get_settings
from app.unswept import unswept

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
zones_app, user_app, key_app, audit_app = (typer.Typer(no_args_is_help=True) for _ in range(4))
app.add_typer(zones_app, name="zones", help="The register of zones")
app.add_typer(user_app, name="user", help="People who sign in")
app.add_typer(key_app, name="key", help="Keys for programs")
app.add_typer(audit_app, name="audit", help="The chain of acts")

Port = Annotated[int, typer.Option(min=0, max=65535)]
Zones = Annotated[list[str] | None, typer.Option("--zone", help="Code of a zone; may be given several times")]


def main() -> None:
    """Entry of the command. A refusal is one sentence and exit code 1; for an import 2."""
    try:
        app()
    except Refusal as refusal:
        fail(refusal)
    except OSError as error:  # a folder that is not there, a disk that is full: the file and what the system says
        fail(Refusal("{file}: {said}", file=str(error.filename or ""), said=error.strerror or str(error)))


def fail(refusal: Refusal, code: int = 1) -> None:
    """Say a refusal and every problem in it, and leave."""
    language = get_settings().locale
    typer.echo(words.sentence_of(refusal, language), err=True)
    for problem in refusal.problems:
        typer.echo(f"  {problem.pointer}: {words.sentence_of(problem, language)}", err=True)
    raise SystemExit(code)


def say(msgid: str, **values: Any) -> None:
    typer.echo(words.say(msgid, get_settings().locale, **values))


@contextmanager
def register(settings: Settings | None = None) -> Iterator[Database]:
    """The register, for the length of a command. Raises ``Refusal`` when there is none at this program's schema."""
    db = Database(settings or get_settings())
    try:
        _require_schema(db)
        yield db
    finally:
        db.close()


def _require_schema(db: Database) -> None:
    try:
        current = db.read_now(at_head)
    except Exception as error:  # any reason why the database does not answer is the same answer
        if "alembic_version" not in str(error):
            said = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise Refusal("The database cannot be reached: {said}", said=said) from error
        current = False
    if not current:
        raise Refusal("The database is not at this program's schema; run sanzhang migrate")


# ── serving ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@app.command()
def serve(
    host: str = "127.0.0.1", port: Port = 8000, workers: Annotated[int, typer.Option(help="PostgreSQL only")] = 1
) -> None:
    """Serve the pages and the API, with the worker beside them."""
    from app.serving import run

    run(host, port, workers)


@app.command()
def up(host: str = "127.0.0.1", port: Port = 8000) -> None:
    """Everything at once: migrate, load the demo city if the register is empty, print sign-in links, serve."""
    settings = get_settings()
    migrate_schema(settings.database_url)
    with register() as db:
        from app.services import demo as demo_service

        if db.ask_now(
            house(), lambda desk: not demo_service.holds_projects(desk) and not demo_service.has_accounts(desk)
        ):
            _load_demo(db)
        _links(db, host, port)
    serve(host, port)


def _load_demo(db: Database, **told: Any) -> None:
    """The demo city, with an account for each of its people."""
    from app import demonstrate
    from app.services import demo as demo_service

    loaded = demonstrate.load(db, **told)
    say("Loaded the demo city: {zones} zones, {projects} projects, all invented but the zones' own figures", **loaded)
    for login, name, role, codes in demo_service.accounts():
        enrol.user_add(db, login, role, codes, called=name)


def _links(db: Database, host: str, port: int) -> None:
    """One-time links for the demo's people; a register of one's own has its own people and gets none."""
    from app.services import demo as demo_service

    if not db.ask_now(house(), demo_service.is_demo):
        return
    base = f"http://{host}:{port}"
    say("Sign in with one of these links; each works once:")
    for login, _, role, _ in demo_service.accounts():
        token = enrol.link_add(db, login).rsplit("/", 1)[1]
        typer.echo(f"  {base}/enter/{token}  {words.word(role, 'Role', get_settings().locale)}")


@app.command()
def work(
    beside: Annotated[int, typer.Option(help="Process whose end is this one's end too; serve gives its own")] = 0,
) -> None:
    """The worker: lights that turn with the calendar, and other long work. ``serve`` starts one."""
    from app.worker.loop import run

    run(get_settings(), beside)


# ── the database ─────────────────────────────────────────────────────────────────────────────────────────────────────
@app.command()
def migrate() -> None:
    """Bring the database to this program's schema."""
    migrate_schema(get_settings().database_url, again=True)
    say("The database is at this program's schema")


@app.command()
def doctor() -> None:
    """Check settings, versions, schema, totals and the audit chain; exit code 1 with reasons."""
    from app.doctor import examine

    problems = examine(get_settings())
    for line in problems:
        typer.echo(line)
    if problems:
        raise SystemExit(1)
    say("Everything is in order")


@app.command()
def demo(
    scale: Annotated[str, typer.Option(help="city, province or nation")] = "city",
    seed: int = 1,
    remove: Annotated[
        bool, typer.Option("--remove", help="Put the demo register aside and begin an empty one")
    ] = False,
) -> None:
    """Load the demo city into an empty register, or put a demo register aside."""
    settings = get_settings()
    if remove:
        from app import demonstrate

        say("The demo register was put aside as {name}; this one is empty", name=demonstrate.put_aside(settings))
        return
    migrate_schema(settings.database_url)
    with register() as db:
        _load_demo(db, seed=seed, scale=scale)


@app.command()
def backup(file: Path) -> None:
    """One archive: the database, every file it refers to, the secret's fingerprint."""
    from app.backup import backup as make

    with register():
        typer.echo(make(get_settings(), file))


@app.command()
def restore(file: Path) -> None:
    """Prove an archive and put it in place."""
    from app.backup import restore as put_back

    typer.echo(put_back(get_settings(), file))


@audit_app.command("verify")
def audit_verify(
    checkpoint: Annotated[Path | None, typer.Option(help="Compare with a signed checkpoint")] = None,
    write_checkpoint: Annotated[Path | None, typer.Option(help="Write a signed checkpoint")] = None,
) -> None:
    """Prove the chain: links and numbers, replay, and a checkpoint kept outside."""
    from app.audit import verify

    with register():
        report = verify(get_settings(), checkpoint=checkpoint, write_checkpoint=write_checkpoint)
    for line in report.lines:
        typer.echo(line)
    raise SystemExit(0 if report.sound else 1)


# ── people, keys, zones ──────────────────────────────────────────────────────────────────────────────────────────────
@user_app.command("add")
def user_add(name: str, role: Annotated[str, typer.Option()], zone: Zones = None, unit: str | None = None) -> None:
    """A new account; prints the one-time link at which its holder sets her password."""
    with register() as db:
        typer.echo(enrol.user_add(db, name, role, zone or [], unit))


@key_app.command("add")
def key_add(
    name: str,
    scope: Annotated[str, typer.Option()],
    zone: Zones = None,
    days: Annotated[int | None, typer.Option(min=0, max=36500)] = None,
) -> None:
    """A new API key, shown once, alone on the last line."""
    with register() as db:
        typer.echo(enrol.key_add(db, name, scope, zone or [], days))


@zones_app.command("import")
def zones_import(file: Path) -> None:
    """Zones and their yearly figures from CSV or XLSX."""
    from app.services import zone_files, zones

    with register() as db:
        rows = zone_files.rows(file.read_bytes(), file.name)
        counts = db.act_now(house(door="cli"), zones.import_rows, rows).value
        say("Zones: {created} new, {amended} completed, {indicators} figures", **counts)


# ── workbooks ────────────────────────────────────────────────────────────────────────────────────────────────────────
@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help=".xlsx, .xls, .et or .csv")],
    zone: Annotated[str | None, typer.Option(help="Code of the zone, where the sheet names none")] = None,
    ledger: Annotated[
        str | None, typer.Option(help="reserve, upcoming, in_construction or completed, likewise")
    ] = None,
    force: Annotated[bool, typer.Option(help="Zone and ledger given here overrule the sheet")] = False,
    sheet: Annotated[str | None, typer.Option(help="Only the sheet of this name")] = None,
    opening: Annotated[
        bool, typer.Option(help="The state before reporting here began; a reviewer accepts it once")
    ] = False,
    mode: Annotated[
        str, typer.Option(help="both: add and update; add: known projects stay as they are; update: no new ones")
    ] = "both",
    empty: Annotated[str, typer.Option(help="What an empty cell does to what is known: leave or clear")] = "leave",
    moves: Annotated[
        bool,
        typer.Option(
            "--moves/--no-moves",
            help="Make the moves into other ledgers that the sheet proposes; a move back wants a --reason",
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what was understood, keep nothing")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the preview as JSON")] = False,
    reason: Annotated[
        str | None, typer.Option(help="Why totals, plans and planned dates change; default: the file")
    ] = None,
) -> None:
    """Bring a workbook in. Exit code 0 when it came in, 2 when it was refused.

    How a heading is read is remembered from the pages; projects that the sheet does not list stay as they are.
    """
    from app.services import import_command

    with register() as db, unswept():
        try:
            report = import_command.run(
                db, house(get_settings().locale, "cli", reason=reason), file, sheet=sheet, dry_run=dry_run, zone=zone, ledger=ledger,
                force=force, opening=opening, mode=mode, empty=empty, all_moves={"accept": True} if moves else None,
            )  # fmt: skip
        except Refusal as refusal:
            fail(refusal, 2)
        if json:
            sys.stdout.buffer.write(orjson.dumps(report.preview, option=orjson.OPT_INDENT_2) + b"\n")
        else:
            typer.echo(report.text)
        raise SystemExit(report.exit_code)


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="File to write, .xlsx or .csv")],
    ledger: Annotated[str, typer.Option()],
    zone: Zones = None,
    as_of: str | None = None,
    list_: Annotated[str | None, typer.Option("--list", help="Code of a list: only its members")] = None,
    form: Annotated[str | None, typer.Option(help="Name of a master's form to write it in")] = None,
) -> None:
    """Write a ledger as its workbook: the same that the page gives."""
    from app.services import exports, history

    with register() as db:
        at = _moment(as_of) if as_of else None
        seq = db.ask_now(house(), history.act_at, at) if at else None
        caller = house(get_settings().locale, "cli")
        typer.echo(exports.run(db, caller, out, ledger=ledger, zones=zone or [], as_of=seq, listed=list_, master=form))


def _moment(text: str) -> str | None:
    """A day, meaning its end, or a moment; None for today, which is now."""
    if text == clock.today():
        return None
    try:
        at = clock.end_of_day(text) if len(text) == 10 else clock.moment(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise Invalid.one("/as_of", "malformed", "Write the day as 2026-06-30") from None
    if at > clock.moment():
        raise Invalid.one("/as_of", "future", "Nobody knows the future: this lies after now")
    return at


if __name__ == "__main__":
    main()
