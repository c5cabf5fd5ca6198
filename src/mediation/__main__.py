"""The `mediation` command: serve, migrate, seed, and what else is done from a terminal.

Each command imports what it needs when it is called, so that a small one answers at once.
"""
# ruff: noqa: PLC0415 - see above

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mediation.demo.people import DemoPerson
    from mediation.settings import Settings

DONE: Final = 0
FAILED: Final = 1
REFUSED: Final = 2
SECONDS_TO_FINISH: Final = 20  # what runs when the service is asked to stop
HIGHEST_PORT: Final = 65535
PROCEDURE_PAGE: Final = Path("docs/procedure.md")
DATA_PAGE: Final = Path("docs/data-classes.md")
OPENAPI_FILE: Final = Path("openapi/openapi.json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 failed, 2 refused: wrong usage or settings, with a sentence saying why."""
    options = _parser().parse_args(arguments)
    from mediation.settings import SettingsError

    try:
        code: int = options.command(options)
    except SettingsError as error:
        return _refuse(str(error))
    return code


def serve(options: argparse.Namespace) -> int:
    """Serve HTTP in one process until told to stop; further processes are started beside it."""
    import uvicorn

    from mediation.api.connection import protocol_of
    from mediation.process import application

    settings = _settings().check()
    _keep_to_core(settings.core)
    host, port = options.host or settings.host, options.port or settings.port
    settings.check_address(host)
    app = application(settings)
    _announce(settings, f"http://{_reachable(host)}:{port}")
    uvicorn.run(
        app,
        host=host,
        port=port,
        http=protocol_of(settings),
        ws="none",
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies,
        loop="auto",  # uvloop where it is installed
        lifespan="on",
        log_config=None,  # the service writes one line per request itself
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )
    return DONE


def _keep_to_core(core: int | None) -> None:
    """Stay on one core: only one thread computes at a time, and moving between cores costs more than it gains."""
    from mediation.settings import SettingsError

    if core is None:
        return
    try:
        os.sched_setaffinity(0, {core})
    except (AttributeError, OSError) as error:
        raise SettingsError(f"Unset MEDIATION_CORE: core {core} cannot be had here.") from error


def migrate(options: argparse.Namespace) -> int:
    """Bring the database to the newest schema."""
    from mediation.storage.migrate import upgrade

    settings = _settings()
    settings.check_database()
    upgrade(settings.database_url, app_role=settings.database_app_role)
    return DONE


def seed(options: argparse.Namespace) -> int:
    """Fill the database with the demo's people and cases; safe to repeat."""
    from mediation.demo.seed import seed as fill

    settings = _settings()
    if not settings.demo:
        return _refuse("Demo data is written only in demo mode; set MEDIATION_DEMO=true.")
    fill(settings.check())
    return DONE


def token(options: argparse.Namespace) -> int:
    """Print a bearer token for one of the demo's people, or list them."""
    from mediation.demo.people import PEOPLE, person

    settings = _settings()
    if not settings.demo:
        return _refuse("Tokens come from your issuer; they are made here only in demo mode (MEDIATION_DEMO=true).")
    if options.list:
        sys.stdout.writelines(f"{_describe(row)}\n" for row in PEOPLE)
        return DONE
    try:
        subject = person(options.subject).subject
    except KeyError:
        return _refuse(f"Nobody in the demo is called {options.subject}; mediation token --list names everybody.")
    from mediation.gateways.demo_issuer import DemoIssuer

    print(DemoIssuer(settings.read_signing_key(), settings.issuer, settings.audience).token_for(subject))
    return DONE


def demo(options: argparse.Namespace) -> int:
    """Drive the retold cases through a running service."""
    from mediation.demo.drive import main as drive

    return drive(_settings(), url=options.url, case=options.case)


def work(options: argparse.Namespace) -> int:
    """Do the background chores in a process of their own, until told to stop."""
    from mediation.process import work as do_chores

    do_chores(_settings())
    return DONE


def openapi(options: argparse.Namespace) -> int:
    """Write the description of the API."""
    from mediation.api.openapi import write

    write(options.file)
    return DONE


def check_procedure(options: argparse.Namespace) -> int:
    """Run every check on the table of steps, and print what fails."""
    from mediation.domain.conditions import CONDITIONS
    from mediation.domain.guards import GUARDS
    from mediation.domain.procedure.checks import check_all

    findings = check_all(guards=GUARDS, conditions=CONDITIONS)
    for finding in findings:
        print(finding)
    return FAILED if findings else DONE


def document_procedure(options: argparse.Namespace) -> int:
    """Write the page that shows the procedure."""
    from mediation.domain.diagram import page

    options.file.parent.mkdir(parents=True, exist_ok=True)
    options.file.write_text(page(), encoding="utf-8")
    return DONE


def document_data_classes(options: argparse.Namespace) -> int:
    """Write the register of data: the class of every field, how it is kept, who reads it."""
    from mediation.storage.data_classes import page

    options.file.parent.mkdir(parents=True, exist_ok=True)
    options.file.write_text(page(), encoding="utf-8")
    return DONE


def keep_calendar(options: argparse.Namespace) -> int:
    """Do one thing about the official calendar: load a notice, undo, list or report a load."""
    from mediation.calendar_desk import COMMANDS, CalendarRefusedError

    try:
        COMMANDS[options.what](_settings(), options)
    except CalendarRefusedError as error:
        return _refuse(str(error))
    return DONE


def check(options: argparse.Namespace) -> int:
    """Prove that no deadline is lost, that cases are as history tells, and that bodies see what the tree gives them.

    And that the three roles are apart. Prints the sums and what does not fit.
    """
    from mediation import agreement_check, completeness_check, scope_check, separation_check
    from mediation.process import clock_of, open_database

    settings = _settings()
    database, today = open_database(settings), options.today or clock_of(settings).today()
    try:
        if options.case is not None:
            return FAILED if agreement_check.prove_one(database, options.case, print) else DONE
        run = completeness_check.count if options.quick else completeness_check.prove
        found = run(database, today, options.grace, print)
        if not options.quick:
            found += agreement_check.prove(database, print) + scope_check.prove(database, print)
        found += separation_check.tell(database, today, print)
    finally:
        database.close()
    return FAILED if found else DONE


def load_figures(options: argparse.Namespace) -> int:
    """Load local figures: average and minimum wages by place and day."""
    from mediation.domain.local_figures import FigureError, read_file
    from mediation.gateways.clock import real_now
    from mediation.services.local_figures import keep_figures

    try:
        content = json.loads(options.file.read_bytes())
        loaded = read_file(content)
    except OSError as error:
        return _refuse(f"{options.file} cannot be read: {error.strerror}.")
    except FigureError as error:
        return _refuse("; ".join(f"{entry.pointer}: {entry.text.en}" for entry in error.errors) + ".")
    except ValueError as error:
        return _refuse(f"{options.file} is not JSON: {error}.")
    _write_to_database(keep_figures, content, real_now(), "command line")
    print(f"Local figures loaded: {len(loaded)}.")
    return DONE


def look_after_organizations(options: argparse.Namespace) -> int:
    """Do one thing about bodies: found one, move one, appoint who looks after one."""
    from mediation.organization_desk import COMMANDS, OrganizationRefusedError

    try:
        COMMANDS[options.what](_settings(), options)
    except OrganizationRefusedError as error:
        return _refuse(str(error))
    return DONE


def look_after_history(options: argparse.Namespace) -> int:
    """Do one thing about histories: seal, export or verify them."""
    from mediation.audit import COMMANDS

    return COMMANDS[options.what](options)


def keep_keys(options: argparse.Namespace) -> int:
    """Do one thing about the keys: tell how they stand, wrap everything under the newest, print the hash key."""
    from mediation.key_desk import COMMANDS

    return COMMANDS[options.what](_settings())


def report_retention(options: argparse.Namespace) -> int:
    """Tell which files have to be kept no longer, by outcome; nothing is destroyed."""
    from mediation.retention_desk import report

    try:
        report(_settings(), options)
    except OSError as error:
        return _refuse(f"{options.csv} cannot be written: {error.strerror}.")
    return DONE


def _write_to_database(service: Callable[..., object], *arguments: object) -> None:
    from mediation.process import open_database

    database = open_database(_settings())
    try:
        database.run_write(service, *arguments)
    finally:
        database.close()


def _settings() -> "Settings":
    from mediation.settings import load_settings

    return load_settings()


def _announce(settings: "Settings", address: str) -> None:
    print(f"API reference  {address}/docs")
    if settings.demo:
        print("A token        mediation token --as clerk-lin   (everybody: mediation token --list)")
    sys.stdout.flush()


def _reachable(host: str) -> str:
    """Return an address that a browser on this machine can open."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"[{host}]" if ":" in host else host


def _describe(person: "DemoPerson") -> str:
    """Return one line: name for tokens, roles at organization, name for people."""
    from mediation.demo.people import organization

    places = [f"{', '.join(roles)} @ {organization(code).name}" for code, roles in person.memberships]
    return f"{person.subject:<18}{'; '.join(places) or f'{person.party_side} party'} ({person.name})"


def _refuse(sentence: str) -> int:
    print(f"mediation: {sentence}", file=sys.stderr)
    return REFUSED


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is no port: 1 to {HIGHEST_PORT}")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mediation", description="Labour-dispute mediation cases.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    row = _add(commands, "serve", serve)
    row.add_argument("--host", help="default: MEDIATION_HOST, 127.0.0.1")
    row.add_argument("--port", type=_port, help="default: MEDIATION_PORT, 8000")
    for name, command in (("migrate", migrate), ("seed", seed), ("work", work)):
        _add(commands, name, command)
    row = _add(commands, "demo", demo)
    row.add_argument("--url", help="a service in demo mode with a manual clock; left out: one is started for it")
    row.add_argument("--case", help="only this one")
    who = _add(commands, "token", token).add_mutually_exclusive_group(required=True)
    who.add_argument("--as", dest="subject", metavar="NAME", help="whose token to print")
    who.add_argument("--list", action="store_true", help="a line for each person who can act")
    _add(commands, "openapi", openapi).add_argument("file", nargs="?", type=Path, default=OPENAPI_FILE)
    procedure = commands.add_parser("procedure", help="The table of steps.").add_subparsers(required=True)
    _add(procedure, "check", check_procedure)
    _add(procedure, "docs", document_procedure).add_argument("file", nargs="?", type=Path, default=PROCEDURE_PAGE)
    _add(commands, "data-classes", document_data_classes).add_argument("file", nargs="?", type=Path, default=DATA_PAGE)
    _add_check(commands)
    calendar = commands.add_parser("calendar", help="The official calendars.").add_subparsers(required=True)
    _add_calendar(calendar, "load", "Load the State Council's notice of a year.").add_argument("file", type=Path)
    _add_calendar(calendar, "undo", "Take a load back.").add_argument("id", help="of the load")
    _add_calendar(calendar, "list", "List what was loaded, newest first.")
    row = _add_calendar(calendar, "report", "Print what a load moved.")
    row.add_argument("id", help="of the load")
    row.add_argument("--csv", type=Path, metavar="FILE", help="write every row with its arithmetic")
    _add_organization(commands.add_parser("organization", help="Bodies.").add_subparsers(required=True))
    keys = commands.add_parser("keys", help="The keys that personal data lie under.").add_subparsers(required=True)
    for what, told in (
        ("status", "Tell how many data keys lie under which master key."),
        ("rotate", "Wrap every data key under the master key in use; may be stopped and taken up again."),
        ("hash-key", "Print the key of look-up hashes, to be kept apart before a second master key is set."),
    ):
        row = keys.add_parser(what, help=told, description=told)
        row.set_defaults(command=keep_keys, what=what)
    retention = commands.add_parser("retention", help="How long files are kept.").add_subparsers(required=True)
    row = _add(retention, "report", report_retention)
    row.add_argument("--csv", type=Path, metavar="FILE", help="write every file whose time is over, one a line")
    figures = commands.add_parser("figures", help="Local figures for calculations.").add_subparsers(required=True)
    _add(figures, "load", load_figures).add_argument("file", type=Path)
    _add_history(commands.add_parser("history", help="Histories, sealed and verified.").add_subparsers(required=True))
    return parser


def _add_history(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    def add(what: str, told: str) -> argparse.ArgumentParser:
        row = commands.add_parser(what, help=told, description=told)
        row.set_defaults(command=look_after_history, what=what)
        return row

    where, keys = "default: MEDIATION_DATABASE_URL, or the file in the data folder", "PEM, one key or several"
    row = add("verify", "Verify every history against the file of checkpoints; needs no service and no secret.")
    row.add_argument("--database", metavar="URL", help=where)
    row.add_argument("--checkpoints", metavar="FILE", type=Path, required=True, help="the file outside the database")
    row.add_argument("--public-key", metavar="FILE", type=Path, required=True, help=keys)
    row.add_argument("--copy", action="store_true", help="FILE is an earlier copy: the database may hold later ones")
    row = add("export", "Write the history of a case as a third party can verify it.")
    row.add_argument("case", metavar="CASE", help="the id of the case")
    row.add_argument("--database", metavar="URL", help=where)
    row.add_argument("--out", metavar="FILE", type=Path, help="default: the terminal")
    row = add("verify-export", "Verify the exported history of a case by the public key alone.")
    row.add_argument("file", metavar="FILE", type=Path)
    row.add_argument("--public-key", metavar="FILE", type=Path, required=True, help=keys)
    add("public-key", "Print the public keys of checkpoints as PEM.")
    add("seal", "Seal a checkpoint now, without waiting for the next to be due.")


def _add_organization(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    def add(what: str, told: str) -> argparse.ArgumentParser:
        row = commands.add_parser(what, help=told, description=told)
        row.set_defaults(command=look_after_organizations, what=what)
        return row

    row = add("found", "Put a body in place that has none above it, with its first administrator.")
    for name, told in (
        ("--kind", "such as city_federation, court, arbitration_commission"),
        ("--name", "in full"),
        ("--short-name", "what its case numbers begin with, such as 云溪"),
        ("--subject", "what the tokens of its first administrator say"),
        ("--administrator", "the name of that person"),
    ):
        row.add_argument(name, required=True, help=told)
    row = add("move", "Move a body below another, or to the top of a tree; the worker lets its cases follow.")
    row.add_argument("id", help="of the body")
    where = row.add_mutually_exclusive_group(required=True)
    where.add_argument("--to", metavar="ID", help="the body it comes to be below")
    where.add_argument("--top", dest="to", action="store_const", const=None, help="below none")
    row = add("appoint", "Make somebody administrator, security officer or auditor of a body that has none above it.")
    row.add_argument("--short-name", required=True, help="of the body, such as 云溪")
    row.add_argument("--role", required=True, choices=("admin", "security_officer", "auditor"), help="one of the three")
    row.add_argument("--subject", required=True, help="what the person's tokens say; an account is made where none is")
    row.add_argument("--name", required=True, help="of the person, for a new account")


def _add_check(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    row = _add(commands, "check", check)
    row.add_argument("--quick", action="store_true", help="only count, without reading histories")
    row.add_argument("--grace", type=int, default=1, metavar="DAYS", help="days a deadline may be overdue; default: 1")
    row.add_argument("--today", type=date.fromisoformat, metavar="DAY", help="the day to judge by; default: today")
    row.add_argument("--case", metavar="ID", help="compare only this one, by id or number, with its history")


def _add_calendar(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", what: str, told: str
) -> argparse.ArgumentParser:
    row = commands.add_parser(what, help=told, description=told)
    row.set_defaults(command=keep_calendar, what=what)
    return row


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    command: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    row = commands.add_parser(name, help=command.__doc__, description=command.__doc__)
    row.set_defaults(command=command)
    return row


if __name__ == "__main__":
    sys.exit(main())
