"""The `mediation` command: serve, migrate, seed, and what else is done from a terminal.

Each command imports what it needs when it is called, so that a small one answers at once.
"""
# ruff: noqa: PLC0415 - see above

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
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

    from mediation.process import application

    settings = _settings().check()
    _keep_to_core(settings.core)
    host, port = options.host or settings.host, options.port or settings.port
    app = application(settings)
    _announce(settings, f"http://{_reachable(host)}:{port}")
    uvicorn.run(
        app,
        host=host,
        port=port,
        http="httptools",
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


def load_calendar(options: argparse.Namespace) -> int:
    """Load the State Council's notice of a year's days off."""
    from mediation.domain.notices import NoticeError, parse_notice

    try:
        content = json.loads(options.file.read_bytes())
        year = parse_notice(content if isinstance(content, dict) else {}).year
    except OSError as error:
        return _refuse(f"{options.file} cannot be read: {error.strerror}.")
    except NoticeError as error:
        return _refuse(str(error))
    except ValueError as error:
        return _refuse(f"{options.file} is not JSON: {error}.")
    _store_notice(content)
    print(f"The official calendar of {year} is loaded.")
    return DONE


def _store_notice(content: dict[str, object]) -> None:
    from mediation.gateways.clock import real_now
    from mediation.gateways.vault import Vault
    from mediation.services.calendars import keep_notice
    from mediation.storage.database import Database

    settings = _settings()
    database = Database(settings.database_url, Vault(settings.read_master_key()))
    try:
        database.run_write(keep_notice, content, real_now(), "command line")
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
    calendar = commands.add_parser("calendar", help="The official calendars.").add_subparsers(required=True)
    _add(calendar, "load", load_calendar).add_argument("file", type=Path)
    return parser


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
