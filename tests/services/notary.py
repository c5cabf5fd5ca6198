"""What a test needs to seal histories and to verify them as somebody outside would."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.services.world import World

from mediation.__main__ import main
from mediation.domain.checkpoints import Sealed
from mediation.gateways.checkpoint_file import CheckpointFile
from mediation.gateways.signing import Signer, public_pem
from mediation.sealer import Sealer

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
_GUARDS = {
    "sqlite": (
        "history_refuses_update", "history_refuses_delete", "checkpoints_refuses_update", "checkpoints_refuses_delete",
        "checkpoint_leaves_refuses_update", "checkpoint_leaves_refuses_delete",
    ),
    "postgresql": (
        "history_refuses_change on history", "checkpoints_refuses_change on checkpoints",
        "checkpoint_leaves_refuses_change on checkpoint_leaves",
    ),
}  # fmt: skip


@dataclass(slots=True)
class Notary:
    """Seals the histories of a world into a file in `folder`, and verifies them from a terminal."""

    world: World
    folder: Path
    key: Ed25519PrivateKey = KEY

    def __post_init__(self) -> None:
        self.trust(self.key)

    @property
    def file(self) -> Path:
        return self.folder / "checkpoints.jsonl"

    @property
    def trusted(self) -> Path:
        return self.folder / "public.pem"

    def trust(self, *keys: Ed25519PrivateKey) -> None:
        """Keep the public halves of these keys, and no others."""
        self.trusted.write_text("".join(public_pem(Signer(key).public_key) for key in keys))

    def sealer(self, world: World | None = None, *, seconds: float = 3600) -> Sealer:
        made = world or self.world
        return Sealer(made.database, made.clock, Signer(self.key), CheckpointFile(self.file), seconds=seconds)

    def seal(self) -> Sealed | None:
        return self.sealer().seal(early=True)

    def lines(self) -> list[str]:
        return self.file.read_text().splitlines()

    def write_lines(self, lines: Sequence[str]) -> None:
        self.file.write_text("".join(f"{line}\n" for line in lines))

    def verify(self, *options: str) -> int:
        return main(
            [
                "history", "verify", "--database", self.world.url, "--checkpoints", str(self.file),
                "--public-key", str(self.trusted), *options,
            ]
        )  # fmt: skip


def run_as_owner(world: World, *statements: str) -> None:
    """Do what only an owner of the database can do: take the guards away, and write what one likes."""
    is_sqlite = world.database.dialect == "sqlite"
    before = "pragma foreign_keys=off" if is_sqlite else "set session_replication_role = replica"
    drops = [f"drop trigger if exists {name}" for name in _GUARDS[world.database.dialect]]
    with world.database.engine.connect() as connection:
        for statement in (*drops, before, *statements):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("pragma foreign_keys=on" if is_sqlite else "reset session_replication_role")
