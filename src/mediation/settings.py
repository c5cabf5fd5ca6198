"""What may be set from outside, by environment variables that start with MEDIATION_."""

import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from mediation.gateways import keys
from mediation.gateways.database_url import is_private
from mediation.gateways.issuer_keys import is_safe
from mediation.gateways.key_command import read_by_command
from mediation.gateways.key_service import KeyService
from mediation.setting_values import (
    Exact,
    File,
    Folder,
    Rate,
    Seconds,
    SecondsOrNone,
    Several,
    is_everybody,
    refuse_blanks,
)

PREFIX = "MEDIATION_"
DEMO_ISSUER = "mediation-demo"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SHORTEST_TOKEN = 24
_ACR = re.compile(r"[!#-\[\]-~]+")
_TOKEN = re.compile(rf"[!-~]{{{SHORTEST_TOKEN},}}")


class SettingsError(Exception):
    """A refusal to start: one sentence that says which variable to set."""


class Settings(BaseSettings):
    """The settings of one process; secrets stay out of its text and its errors."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", frozen=True, hide_input_in_errors=True, env_ignore_empty=True
    )

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000

    data: Folder = Path("data")
    # Left empty: an SQLite file in the data folder.
    database_url: str = Field(default="", repr=False, validate_default=True)
    database_in_clear: bool = False  # said where the way to PostgreSQL is trusted without TLS: read docs/security.md
    database_app_role: str = ""  # PostgreSQL: the role that migrations grant rights to

    demo: bool = False
    demo_open: bool = False  # said besides `demo`: it may be reached from other machines, and anybody is anybody there
    clock: Literal["system", "manual"] = "system"

    issuer: Exact = Field(default="", validate_default=True)  # left empty: the demo's own
    audience: Exact = "mediation"
    jwks_url: str = ""  # where the issuer's keys are; left empty, and no file given: the issuer is asked
    jwks_file: File | None = None
    authorized_parties: Several = ""  # front ends (azp) whose tokens are taken, with commas between; left empty: all
    acr: Several = ""  # how people must have signed in (acr of the token), with commas between; left empty: not asked
    step_up_acr: Several = ""  # the same for sensitive operations
    step_up_max_age: Annotated[int, Field(ge=0)] = 0  # seconds since then, at most, for those; 0: not asked
    signing_key_file: File | None = None  # demo only
    master_key: SecretStr | None = None  # base64 of 32 bytes; several with commas between, the one in use first
    master_key_file: File | None = None  # the same, a line each
    master_key_command: str = Field(default="", repr=False)  # prints the same, for instance from a key service
    key_wrap_command: str = Field(default="", repr=False)  # keeps running; wraps and opens data keys outside
    key_wrap_name: Annotated[str, Field(min_length=1, max_length=200)] = "default"  # of the master key it keeps
    key_wrap_in_use: bool = True  # false: it only opens, and a master key kept here wraps
    key_wrap_seconds: Annotated[Seconds, Field(le=5)] = 2.0  # for one request to it
    key_wrap_kept: Annotated[int, Field(ge=0)] = 10_000  # opened data keys in memory
    key_wrap_kept_seconds: SecondsOrNone = 300.0
    hash_key: SecretStr | None = None  # base64 of 32 bytes: look-up hashes; needed with several master keys
    hash_key_file: File | None = None
    checkpoint_key_file: File | None = None  # PEM, Ed25519: signs where every history stands
    checkpoint_file: File | None = None  # the checkpoints outside the database, a line each
    checkpoint_seconds: Seconds = 3600.0

    metrics_token: SecretStr | None = None  # what a scraper sends; left empty: /metrics is there in the demo alone
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    threads: Annotated[int, Field(ge=1, le=64)] = 4
    core: Annotated[int, Field(ge=0)] | None = None  # the one core that `serve` keeps to (Linux)
    queue: Annotated[int, Field(ge=0)] = 32
    queue_seconds: Seconds = 2.0
    max_body_bytes: Annotated[int, Field(ge=1024)] = 1024 * 1024
    max_head_bytes: Annotated[int, Field(ge=4096)] = 32 * 1024  # request line and headers
    head_seconds: Seconds = 10.0  # for request line and headers to arrive
    body_seconds: Seconds = 20.0  # for the body to arrive
    connections: Annotated[int, Field(ge=8)] = 1000  # open at once in one process
    proxies: Several = ""  # addresses or networks whose X-Forwarded-For is believed, with commas between
    client_cert_header: str = ""  # in which they pass on a client certificate, such as Client-Cert; left empty: none
    client_cert_ca: bool = False  # they pass on none but those of a CA they trust: a subject then says who it is
    cors_origins: Several = ""  # origins whose pages may call from a browser, with commas between; left empty: none
    hsts_seconds: Annotated[int, Field(ge=0)] = 0  # behind TLS: how long browsers keep to it

    # Requests in a minute; failed sign-ins in five, unknown cases in ten, access requests in sixty: docs/security.md.
    rate_person: Rate = 600
    rate_client: Rate = 1200
    rate_anonymous: Rate = 300  # for each address, where no token is needed
    rate_look_ups: Rate = 30
    rate_reveals: Rate = 30
    rate_creations: Rate = 60
    rate_party_answers: Rate = 10
    rate_access_requests: Rate = 20
    rate_failed_sign_ins: Rate = 30
    alarm_unknown_cases: Rate = 20
    # How long the file of a case is kept after its end; the long one for collective disputes and deaths at work.
    retention_years: Annotated[int, Field(ge=1, le=100)] = 10
    retention_years_long: Annotated[int, Field(ge=1, le=100)] = 30
    worker: bool = True  # the background chores run inside `serve`
    worker_seconds: Seconds = 1.0

    _says_something = field_validator("*", mode="before")(refuse_blanks)

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _name_the_driver(cls, url: str, info: ValidationInfo) -> str:
        if not url and "data" in info.data:
            return f"sqlite:///{info.data['data'].absolute() / 'mediation.db'}"
        for scheme in ("postgres://", "postgresql://"):
            if url.startswith(scheme):
                return "postgresql+psycopg://" + url.removeprefix(scheme)
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must start with postgresql:// or sqlite:///")
        return url

    @field_validator("issuer")
    @classmethod
    def _issue_for_the_demo(cls, issuer: str, info: ValidationInfo) -> str:
        return issuer or (DEMO_ISSUER if info.data.get("demo") else "")

    @property
    def front_ends(self) -> tuple[str, ...]:
        """The front ends whose tokens are taken; none named means all of the issuer's."""
        return tuple(part.strip() for part in self.authorized_parties.split(",") if part.strip())

    @property
    def accepted_acr(self) -> tuple[str, ...]:
        """What `acr` of a person's token may say; nothing named means it is not asked."""
        return tuple(part.strip() for part in self.acr.split(",") if part.strip())

    @property
    def accepted_step_up_acr(self) -> tuple[str, ...]:
        """What it may say where the operation is sensitive."""
        return tuple(part.strip() for part in self.step_up_acr.split(",") if part.strip())

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """The origins whose pages may call this service from a browser."""
        return tuple(part.strip() for part in self.cors_origins.split(",") if part.strip())

    @property
    def trusted_proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The proxies in front of this service; ValueError for what is no address or network."""
        return tuple(ip_network(part) for part in (each.strip() for each in self.proxies.split(",")) if part)

    def check(self) -> Self:
        """Refuse to serve with something missing; a demo misses nothing."""
        self.read_master_keys()
        self.read_hash_key()
        self.key_service()
        self._check_origins()
        self._check_proxies()
        self._check_client_certificates()
        self._check_strength()
        self._check_metrics_token()
        self.check_database()
        if not self.demo:
            self._check_identity()
            self._check_nothing_of_the_demo()
        if self.worker:
            self.read_checkpoint_key()
            self.where_checkpoints()
        return self

    def check_database(self) -> None:
        """Refuse a way to the database that others could read or answer on, unless told that it is trusted."""
        if not (self.demo or self.database_in_clear or is_private(self.database_url, os.environ)):
            raise SettingsError(
                f"Set {PREFIX}DATABASE_URL with ?sslmode=verify-full (and sslrootcert=FILE or system): "
                "without it, whoever stands between reads and answers for the database. Only where nobody can, as on "
                f"the network of one machine's containers, set {PREFIX}DATABASE_IN_CLEAR=true instead."
            )

    def check_address(self, host: str) -> None:
        """Refuse to offer the demo, whose tokens anybody can have, to other machines unless told so twice."""
        if self.demo and not self.demo_open and host not in LOOPBACK:
            raise SettingsError(
                f"In demo mode everybody can be anybody: serve on 127.0.0.1, not on {host}, or set "
                f"{PREFIX}DEMO_OPEN=true as well, with nothing but made-up data in the database."
            )

    def read_master_keys(self) -> list[bytes]:
        """Return the keys that wrap data keys, 32 bytes each: the first wraps, all of them open.

        None where a key service alone keeps the master key.
        """
        try:
            if self.master_key is not None:
                return keys.decode_master_keys(self.master_key.get_secret_value())
            if self.master_key_file is not None:
                return keys.load_master_keys(self.master_key_file)
            if self.master_key_command:
                return keys.decode_master_keys(read_by_command(self.master_key_command))
            if self.key_wrap_command:
                return []
            if self.demo:
                return [keys.load_or_create_master_key(self.data / "master.key")]
        except keys.UnusableKeyError as error:
            named = "MASTER_KEY_COMMAND" if self.master_key_command else "MASTER_KEY or MEDIATION_MASTER_KEY_FILE"
            raise SettingsError(f"Set {PREFIX}{named} anew: {error}.") from error
        raise SettingsError(
            f"Set {PREFIX}MASTER_KEY (32 random bytes in base64), {PREFIX}MASTER_KEY_FILE, "
            f"{PREFIX}MASTER_KEY_COMMAND or {PREFIX}KEY_WRAP_COMMAND: without it, data about people cannot be kept."
        )

    def read_hash_key(self) -> bytes | None:
        """Return the key of look-up hashes; None where it follows from the one master key there is."""
        try:
            if self.hash_key is not None:
                return keys.decode_master_key(self.hash_key.get_secret_value())
            if self.hash_key_file is not None:
                (key,) = keys.load_master_keys(self.hash_key_file)[:1]
                return key
        except keys.UnusableKeyError as error:
            raise SettingsError(f"Set {PREFIX}HASH_KEY or {PREFIX}HASH_KEY_FILE anew: {error}.") from error
        if self.key_wrap_command or len(self.read_master_keys()) > 1:
            raise SettingsError(
                f"Set {PREFIX}HASH_KEY_FILE to what `mediation keys hash-key` printed while there was one master key: "
                "it must not change with the master key, or nobody is found by phone or resident id any more."
            )
        return None

    def key_service(self) -> KeyService | None:
        """Return what wraps data keys outside, not yet started; None where master keys are kept here alone."""
        if not self.key_wrap_command:
            return None
        if not self.key_wrap_in_use and not self.read_master_keys():
            raise SettingsError(f"Set {PREFIX}MASTER_KEY_FILE, or {PREFIX}KEY_WRAP_IN_USE=true: nothing would wrap.")
        try:
            return KeyService(
                self.key_wrap_command, self.key_wrap_name, seconds=self.key_wrap_seconds, kept=self.key_wrap_kept,
                kept_seconds=self.key_wrap_kept_seconds,
            )  # fmt: skip
        except ValueError as error:
            raise SettingsError(f"Set {PREFIX}KEY_WRAP_COMMAND anew: {error}.") from error

    def read_checkpoint_key(self) -> Ed25519PrivateKey:
        """Return the key that signs checkpoints; only who does the chores needs it."""
        try:
            if self.checkpoint_key_file is not None:
                return keys.load_checkpoint_key(self.checkpoint_key_file)
            if self.demo:
                return keys.load_or_create_checkpoint_key(self.data / "checkpoint.pem")
        except keys.UnusableKeyError as error:
            raise SettingsError(f"Set {PREFIX}CHECKPOINT_KEY_FILE anew: {error}.") from error
        raise SettingsError(
            f"Set {PREFIX}CHECKPOINT_KEY_FILE to an Ed25519 key in PEM (openssl genpkey -algorithm ed25519): "
            "without it, nobody can prove that a history was not rewritten. "
            f"A process with {PREFIX}WORKER=false needs none."
        )

    def where_checkpoints(self) -> Path:
        """Return the file that checkpoints are added to."""
        if self.checkpoint_file is not None:
            return self.checkpoint_file
        if self.demo:
            return self.data / "checkpoints.jsonl"
        raise SettingsError(
            f"Set {PREFIX}CHECKPOINT_FILE to a file outside the database, best on a disk that its administrators "
            "cannot write to: the checkpoints in it tell what was removed from the database."
        )

    def read_signing_key(self) -> EllipticCurvePrivateKey:
        """Return the key that signs the demo's tokens; there is none outside the demo."""
        if not self.demo:
            raise SettingsError(f"Tokens come from the issuer; set {PREFIX}DEMO=true to sign them here.")
        try:
            return keys.load_or_create_signing_key(self.signing_key_file or self.data / "signing.pem")
        except keys.UnusableKeyError as error:
            raise SettingsError(f"Set {PREFIX}SIGNING_KEY_FILE anew: {error}.") from error

    def _check_identity(self) -> None:
        if not self.issuer:
            raise SettingsError(f"Set {PREFIX}ISSUER to the issuer of the tokens this service should take.")
        if self.jwks_url and self.jwks_file:
            raise SettingsError(f"Unset {PREFIX}JWKS_URL or {PREFIX}JWKS_FILE: the issuer's keys are in one place.")
        if self.jwks_url and not is_safe(self.jwks_url):
            raise SettingsError(f"Set {PREFIX}JWKS_URL to an https address: keys read in the clear can be anybody's.")
        if not self.jwks_url and not self.jwks_file and not is_safe(self.issuer):
            raise SettingsError(
                f"Set {PREFIX}ISSUER to the https address of the issuer, which says where its keys are, "
                f"or {PREFIX}JWKS_URL or {PREFIX}JWKS_FILE to where they are."
            )

    def _check_strength(self) -> None:
        """Values of `acr` go into a header, a blank between them; the demo's own tokens carry none."""
        values = (*self.accepted_acr, *self.accepted_step_up_acr)
        if any(not _ACR.fullmatch(value) for value in values):
            raise SettingsError(
                f"Set {PREFIX}ACR and {PREFIX}STEP_UP_ACR to values of acr as your issuer writes them, "
                "with commas between, without blanks, quotes or backslashes."
            )
        if values and self.demo and not (self.jwks_url or self.jwks_file):
            raise SettingsError(f"Unset {PREFIX}ACR and {PREFIX}STEP_UP_ACR: tokens of the demo say nothing of acr.")

    def _check_origins(self) -> None:
        """Origins as a browser sends them; a wildcard would let every page on the web act for who is signed in."""
        for origin in self.allowed_origins:
            parts = urlsplit(origin)
            if not is_safe(origin) or origin != f"{parts.scheme}://{parts.netloc}" or "*" in origin:
                raise SettingsError(
                    f"Set {PREFIX}CORS_ORIGINS to origins such as https://desk.example.org, "
                    "without a path and without *."
                )

    def _check_proxies(self) -> None:
        told = f"Set {PREFIX}PROXIES to addresses or networks of your proxies, such as 10.0.0.5,10.1.0.0/24"
        try:
            wide = [str(network) for network in self.trusted_proxies if is_everybody(network)]
        except ValueError:
            raise SettingsError(f"{told}.") from None
        if wide:
            raise SettingsError(
                f"{told}: with {', '.join(wide)}, wider than any private network, strangers would be believed about "
                "where they call from and which certificate they showed."
            )

    def _check_client_certificates(self) -> None:
        header = self.client_cert_header
        if header and not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,63}", header):
            raise SettingsError(f"Set {PREFIX}CLIENT_CERT_HEADER to the name of a header, such as Client-Cert.")
        if header and not self.trusted_proxies:
            raise SettingsError(
                f"Set {PREFIX}PROXIES to the proxies whose {header} is believed, or unset {PREFIX}CLIENT_CERT_HEADER: "
                "a certificate that anybody can tell of proves nothing."
            )
        if header and self.demo_open:
            raise SettingsError(f"Unset {PREFIX}CLIENT_CERT_HEADER or {PREFIX}DEMO_OPEN: they exclude each other.")
        if self.client_cert_ca and not header:
            raise SettingsError(f"Unset {PREFIX}CLIENT_CERT_CA, or set {PREFIX}CLIENT_CERT_HEADER.")

    def _check_metrics_token(self) -> None:
        token = self.metrics_token.get_secret_value() if self.metrics_token else None
        if token is not None and not _TOKEN.fullmatch(token):
            raise SettingsError(
                f"Set {PREFIX}METRICS_TOKEN to {SHORTEST_TOKEN} characters or more (openssl rand -base64 24), "
                "without blanks and within ASCII, or leave it out."
            )

    def _check_nothing_of_the_demo(self) -> None:
        if self.demo_open:
            raise SettingsError(f"Unset {PREFIX}DEMO_OPEN: it belongs to the demo.")
        if self.signing_key_file is not None:
            raise SettingsError(f"Unset {PREFIX}SIGNING_KEY_FILE: only the demo signs tokens itself.")
        if self.clock == "manual":
            raise SettingsError(f"Unset {PREFIX}CLOCK: a clock that can be moved belongs to the demo.")


def load_settings() -> Settings:
    """Read the environment and, below it, the file .env in the current folder."""
    try:
        return Settings(_env_file=".env")
    except ValidationError as error:
        faults = (f"{PREFIX}{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise SettingsError("; ".join(faults)) from None
