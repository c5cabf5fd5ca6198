"""What may be set from outside, by environment variables that start with MEDIATION_."""

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from mediation.gateways import keys
from mediation.gateways.issuer_keys import is_safe
from mediation.gateways.key_command import read_by_command

PREFIX = "MEDIATION_"
DEMO_ISSUER = "mediation-demo"


Rate = Annotated[int, Field(ge=1)]
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SHORTEST_TOKEN = 24


class SettingsError(Exception):
    """A refusal to start: one sentence that says which variable to set."""


class Settings(BaseSettings):
    """The settings of one process; secrets stay out of its text and its errors."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", frozen=True, hide_input_in_errors=True, env_ignore_empty=True
    )

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000

    data: Path = Path("data")
    # Left empty: an SQLite file in the data folder.
    database_url: str = Field(default="", repr=False, validate_default=True)
    database_app_role: str = ""  # PostgreSQL: the role that migrations grant rights to

    demo: bool = False
    demo_open: bool = False  # said besides `demo`: it may be reached from other machines, and anybody is anybody there
    clock: Literal["system", "manual"] = "system"

    issuer: str = Field(default="", validate_default=True)  # left empty: the demo's own
    audience: str = "mediation"
    jwks_url: str = ""  # where the issuer's keys are; left empty, and no file given: the issuer is asked
    jwks_file: Path | None = None
    authorized_parties: str = ""  # front ends (azp) whose tokens are taken, with commas between; left empty: all
    signing_key_file: Path | None = None  # demo only
    master_key: SecretStr | None = None  # base64 of 32 bytes; several with commas between, the one in use first
    master_key_file: Path | None = None  # the same, a line each
    master_key_command: str = Field(default="", repr=False)  # prints the same, for instance from a key service
    hash_key: SecretStr | None = None  # base64 of 32 bytes: look-up hashes; needed with several master keys
    hash_key_file: Path | None = None
    checkpoint_key_file: Path | None = None  # PEM, Ed25519: signs where every history stands
    checkpoint_file: Path | None = None  # the checkpoints outside the database, a line each
    checkpoint_seconds: Annotated[float, Field(gt=0)] = 3600.0

    metrics_token: SecretStr | None = None  # what a scraper sends; left empty: /metrics is there in the demo alone
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    threads: Annotated[int, Field(ge=1, le=64)] = 4
    core: Annotated[int, Field(ge=0)] | None = None  # the one core that `serve` keeps to (Linux)
    queue: Annotated[int, Field(ge=0)] = 32
    queue_seconds: Annotated[float, Field(gt=0)] = 2.0
    max_body_bytes: Annotated[int, Field(ge=1024)] = 1024 * 1024
    max_head_bytes: Annotated[int, Field(ge=4096)] = 32 * 1024  # request line and headers
    head_seconds: Annotated[float, Field(gt=0)] = 10.0  # for request line and headers to arrive
    body_seconds: Annotated[float, Field(gt=0)] = 20.0  # for the body to arrive
    connections: Annotated[int, Field(ge=8)] = 1000  # open at once in one process
    proxies: str = ""  # addresses or networks whose X-Forwarded-For is believed, with commas between
    cors_origins: str = ""  # origins whose pages may call from a browser, with commas between; left empty: none
    hsts_seconds: Annotated[int, Field(ge=0)] = 0  # behind TLS: how long browsers keep to it

    # Requests in a minute; failed sign-ins in five, cases that are not there in ten. What follows: docs/security.md.
    rate_person: Rate = 600
    rate_client: Rate = 1200
    rate_anonymous: Rate = 300  # for each address, where no token is needed
    rate_look_ups: Rate = 30
    rate_reveals: Rate = 30
    rate_creations: Rate = 60
    rate_party_answers: Rate = 10
    rate_failed_sign_ins: Rate = 30
    alarm_unknown_cases: Rate = 20
    # How long the file of a case is kept after its end; the long one for collective disputes and deaths at work.
    retention_years: Annotated[int, Field(ge=1, le=100)] = 10
    retention_years_long: Annotated[int, Field(ge=1, le=100)] = 30
    worker: bool = True  # the background chores run inside `serve`
    worker_seconds: Annotated[float, Field(gt=0)] = 1.0

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
    def allowed_origins(self) -> tuple[str, ...]:
        """The origins whose pages may call this service from a browser."""
        return tuple(part.strip() for part in self.cors_origins.split(",") if part.strip())

    def check(self) -> Self:
        """Refuse to serve with something missing; a demo misses nothing."""
        self.read_master_keys()
        self.read_hash_key()
        self._check_origins()
        self._check_proxies()
        if not self.demo:
            self._check_identity()
            self._check_nothing_of_the_demo()
        if self.worker:
            self.read_checkpoint_key()
            self.where_checkpoints()
        return self

    def check_address(self, host: str) -> None:
        """Refuse to offer the demo, whose tokens anybody can have, to other machines unless told so twice."""
        if self.demo and not self.demo_open and host not in LOOPBACK:
            raise SettingsError(
                f"In demo mode everybody can be anybody: serve on 127.0.0.1, not on {host}, or set "
                f"{PREFIX}DEMO_OPEN=true as well, with nothing but made-up data in the database."
            )

    def read_master_keys(self) -> list[bytes]:
        """Return the keys that wrap data keys, 32 bytes each: the first wraps, all of them open."""
        try:
            if self.master_key is not None:
                return keys.decode_master_keys(self.master_key.get_secret_value())
            if self.master_key_file is not None:
                return keys.load_master_keys(self.master_key_file)
            if self.master_key_command:
                return keys.decode_master_keys(read_by_command(self.master_key_command))
            if self.demo:
                return [keys.load_or_create_master_key(self.data / "master.key")]
        except keys.UnusableKeyError as error:
            named = "MASTER_KEY_COMMAND" if self.master_key_command else "MASTER_KEY or MEDIATION_MASTER_KEY_FILE"
            raise SettingsError(f"Set {PREFIX}{named} anew: {error}.") from error
        raise SettingsError(
            f"Set {PREFIX}MASTER_KEY (32 random bytes in base64), {PREFIX}MASTER_KEY_FILE or "
            f"{PREFIX}MASTER_KEY_COMMAND: without it, data about people cannot be kept."
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
        if len(self.read_master_keys()) > 1:
            raise SettingsError(
                f"Set {PREFIX}HASH_KEY_FILE to what `mediation keys hash-key` printed while there was one master key: "
                "it must not change with the master key, or nobody is found by phone or resident id any more."
            )
        return None

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
        try:
            for part in filter(None, (each.strip() for each in self.proxies.split(","))):
                ip_network(part)
        except ValueError:
            raise SettingsError(
                f"Set {PREFIX}PROXIES to addresses or networks of your proxies, such as 10.0.0.5,10.1.0.0/24."
            ) from None

    def _check_nothing_of_the_demo(self) -> None:
        if self.demo_open:
            raise SettingsError(f"Unset {PREFIX}DEMO_OPEN: it belongs to the demo.")
        token = self.metrics_token.get_secret_value() if self.metrics_token else None
        if token is not None and len(token) < SHORTEST_TOKEN:
            raise SettingsError(
                f"Set {PREFIX}METRICS_TOKEN to {SHORTEST_TOKEN} characters or more (openssl rand -base64 24)."
            )
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
