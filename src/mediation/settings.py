"""What may be set from outside, by environment variables that start with MEDIATION_."""

from pathlib import Path
from typing import Annotated, Literal, Self

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from mediation.gateways import keys

PREFIX = "MEDIATION_"
DEMO_ISSUER = "mediation-demo"


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
    clock: Literal["system", "manual"] = "system"

    issuer: str = Field(default="", validate_default=True)  # left empty: the demo's own
    audience: str = "mediation"
    jwks_url: str = ""
    jwks_file: Path | None = None
    signing_key_file: Path | None = None  # demo only
    master_key: SecretStr | None = None  # base64 of 32 bytes
    master_key_file: Path | None = None

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    threads: Annotated[int, Field(ge=1, le=64)] = 4
    core: Annotated[int, Field(ge=0)] | None = None  # the one core that `serve` keeps to (Linux)
    queue: Annotated[int, Field(ge=0)] = 32
    queue_seconds: Annotated[float, Field(gt=0)] = 2.0
    max_body_bytes: Annotated[int, Field(ge=1024)] = 1024 * 1024
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

    def check(self) -> Self:
        """Refuse to serve with something missing; a demo misses nothing."""
        self.read_master_key()
        if not self.demo:
            self._check_identity()
            self._check_nothing_of_the_demo()
        return self

    def read_master_key(self) -> bytes:
        """Return the 32 bytes that wrap every data key."""
        try:
            if self.master_key is not None:
                return keys.decode_master_key(self.master_key.get_secret_value())
            if self.master_key_file is not None:
                return keys.load_master_key(self.master_key_file)
            if self.demo:
                return keys.load_or_create_master_key(self.data / "master.key")
        except keys.UnusableKeyError as error:
            raise SettingsError(f"Set {PREFIX}MASTER_KEY or {PREFIX}MASTER_KEY_FILE anew: {error}.") from error
        raise SettingsError(
            f"Set {PREFIX}MASTER_KEY (32 random bytes in base64) or {PREFIX}MASTER_KEY_FILE: "
            "without it, data about people cannot be kept."
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
        if bool(self.jwks_url) == bool(self.jwks_file):
            raise SettingsError(
                f"Set either {PREFIX}JWKS_URL or {PREFIX}JWKS_FILE to where the issuer's public keys are."
            )

    def _check_nothing_of_the_demo(self) -> None:
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
