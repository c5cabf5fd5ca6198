"""One process put together: database, clock, tokens and chores, made of the settings."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from mediation import worker
from mediation.api import log_setup
from mediation.api.app import Application, create_app
from mediation.gateways.clock import ManualClock, SystemClock
from mediation.gateways.demo_issuer import DemoIssuer
from mediation.gateways.issuer_keys import FetchedKeys, KnownKeys, read_keys
from mediation.gateways.tokens import Verifier
from mediation.gateways.vault import Vault
from mediation.settings import Settings
from mediation.storage import Database


@dataclass(frozen=True, slots=True)
class Process:
    """What a process serves with."""

    settings: Settings
    database: Database
    clock: SystemClock
    verifier: Verifier


def assemble(settings: Settings) -> Process:
    """Make the parts; SettingsError when something they need is missing."""
    settings.check()
    log_setup.configure(settings.log_level)
    return Process(settings, open_database(settings), clock_of(settings), verifier_of(settings))


def open_database(settings: Settings) -> Database:
    """The database of the settings, with the vault its rows are sealed by."""
    return Database(
        settings.database_url,
        Vault(settings.read_master_key()),
        threads=settings.threads,
        queue=settings.queue,
        queue_seconds=settings.queue_seconds,
    )


def clock_of(settings: Settings) -> SystemClock:
    """The machine's clock, or in the demo one that can be moved."""
    return ManualClock() if settings.clock == "manual" else SystemClock()


def verifier_of(settings: Settings) -> Verifier:
    """What verifies tokens: the demo's own issuer, a key file, or the issuer's published keys."""
    keys: KnownKeys | FetchedKeys
    if settings.demo and not (settings.jwks_url or settings.jwks_file):
        issuer = DemoIssuer(settings.read_signing_key(), settings.issuer, settings.audience)
        keys = KnownKeys(issuer.jwks())
    elif settings.jwks_file is not None:
        keys = read_keys(settings.jwks_file)
    else:
        keys = FetchedKeys(settings.jwks_url)
    return Verifier(issuer=settings.issuer, audience=settings.audience, keys=keys)


def application(settings: Settings) -> Application:
    """The ASGI application of one process, chores included unless the settings leave them to others."""
    process = assemble(settings)

    async def after_clock() -> int:
        return await asyncio.to_thread(worker.run_due, process.database, process.clock)

    return create_app(
        settings,
        database=process.database,
        clock=process.clock,
        tokens=process.verifier,
        after_clock=after_clock,
        background=lambda: worker.running(
            process.database, process.clock, settings.worker_seconds, fires=settings.worker
        ),
    )


def work(settings: Settings) -> None:
    """Do the chores alone until told to stop."""
    process = assemble(settings)
    worker.run(process.database, process.clock, settings.worker_seconds)
