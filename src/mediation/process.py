"""One process put together: database, clock, tokens and chores, made of the settings."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import structlog

from mediation import worker
from mediation.api import log_setup
from mediation.api.app import Application, create_app
from mediation.gateways.checkpoint_file import CheckpointFile
from mediation.gateways.clock import ManualClock, SystemClock
from mediation.gateways.demo_issuer import DemoIssuer
from mediation.gateways.issuer_keys import DiscoveredKeys, FetchedKeys, IssuerKeys, KnownKeys, read_keys
from mediation.gateways.signing import Signer
from mediation.gateways.tokens import Verifier
from mediation.gateways.vault import Vault
from mediation.sealer import Sealer
from mediation.settings import Settings
from mediation.storage import Database

_log: Any = structlog.get_logger("mediation.process")


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
    if settings.database_in_clear:
        _log.warning(
            "database_in_clear", say="MEDIATION_DATABASE_IN_CLEAR is set: the way to PostgreSQL is not protected"
        )
    return Process(settings, open_database(settings), clock_of(settings), verifier_of(settings))


def open_database(settings: Settings) -> Database:
    """The database of the settings, with the vault its rows are sealed by; SettingsError for an unsafe way to it."""
    settings.check_database()
    return Database(
        settings.database_url,
        vault_of(settings),
        threads=settings.threads,
        queue=settings.queue,
        queue_seconds=settings.queue_seconds,
    )


def vault_of(settings: Settings) -> Vault:
    """What seals and opens, with the keys of the settings."""
    keys = settings.read_master_keys()
    return Vault(
        keys[0] if keys else None,
        others=keys[1:],
        hash_key=settings.read_hash_key(),
        service=settings.key_service(),
        service_wraps=settings.key_wrap_in_use,
    )


def clock_of(settings: Settings) -> SystemClock:
    """The machine's clock, or in the demo one that can be moved."""
    return ManualClock() if settings.clock == "manual" else SystemClock()


def verifier_of(settings: Settings) -> Verifier:
    """What verifies tokens, with keys of the demo, of a file, of an address, or where the issuer itself says."""
    keys: IssuerKeys
    if settings.demo and not (settings.jwks_url or settings.jwks_file):
        issuer = DemoIssuer(settings.read_signing_key(), settings.issuer, settings.audience)
        keys = KnownKeys(issuer.jwks())
    elif settings.jwks_file is not None:
        keys = read_keys(settings.jwks_file)
    elif settings.jwks_url:
        keys = FetchedKeys(settings.jwks_url)
    else:
        keys = DiscoveredKeys(settings.issuer)
    return Verifier(
        issuer=settings.issuer, audience=settings.audience, keys=keys, authorized_parties=settings.front_ends
    )


def sealer_of(settings: Settings, database: Database, clock: SystemClock) -> Sealer:
    """What seals checkpoints, with the key and the file of the settings."""
    return Sealer(
        database,
        clock,
        Signer(settings.read_checkpoint_key()),
        CheckpointFile(settings.where_checkpoints()),
        seconds=settings.checkpoint_seconds,
    )


def application(settings: Settings) -> Application:
    """The ASGI application of one process, chores included unless the settings leave them to others."""
    process = assemble(settings)

    async def after_clock() -> int:
        return await asyncio.to_thread(worker.catch_up, process.database, process.clock)

    return create_app(
        settings,
        database=process.database,
        clock=process.clock,
        tokens=process.verifier,
        after_clock=after_clock,
        background=lambda: worker.running(
            process.database,
            process.clock,
            settings.worker_seconds,
            fires=settings.worker,
            sealer=sealer_of(settings, process.database, process.clock) if settings.worker else None,
        ),
    )


def work(settings: Settings) -> None:
    """Do the chores alone until told to stop."""
    process = assemble(settings)
    sealer = sealer_of(settings, process.database, process.clock)
    worker.run(process.database, process.clock, settings.worker_seconds, sealer=sealer)
