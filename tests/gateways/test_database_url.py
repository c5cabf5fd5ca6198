"""Which ways to a database nobody else can read or answer on."""

import pytest

from mediation.gateways.database_url import is_private

SERVER = "postgresql+psycopg://app:secret@db.example:5432/mediation"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///data/mediation.db",
        "postgresql+psycopg:///mediation",
        "postgresql+psycopg://app:p%40ss@localhost/mediation",
        "postgresql+psycopg://app@127.0.0.1:5432/mediation",
        "postgresql+psycopg://app@[::1]:5432/mediation",
        "postgresql+psycopg://app@%2Fvar%2Frun%2Fpostgresql/mediation",
        "postgresql+psycopg:///mediation?host=/var/run/postgresql",
        f"{SERVER}?sslmode=verify-full",
        f"{SERVER}?sslmode=verify-full&sslrootcert=system",
        f"{SERVER}?sslmode=verify-ca&sslrootcert=/etc/mediation/own-ca.pem",
    ],
)
def test_what_stays_on_this_machine_or_proves_the_server_is_private(url: str) -> None:
    assert is_private(url, {})


@pytest.mark.parametrize(
    "url",
    [
        SERVER,
        f"{SERVER}?sslmode=require",
        f"{SERVER}?sslmode=prefer",
        f"{SERVER}?sslmode=verify-ca",
        f"{SERVER}?sslmode=verify-ca&sslrootcert=system",
        "postgresql+psycopg://app@10.1.2.3/mediation",
        "postgresql+psycopg://app@[2001:db8::1]:5432/mediation",
        "postgresql+psycopg://app@localhost,db.example/mediation",
        "postgresql+psycopg:///mediation?host=db.example",
        "postgresql+psycopg://app@localhost/mediation?hostaddr=10.1.2.3",
        "postgresql+psycopg:///mediation?service=main",
        "postgresql+psycopg://app@localhost.example/mediation",
    ],
)
def test_what_others_could_read_or_answer_on_is_not(url: str) -> None:
    assert not is_private(url, {})


@pytest.mark.parametrize("name", ["PGHOST", "PGHOSTADDR", "PGSERVICE"])
def test_a_server_that_the_environment_names_is_not_taken_for_this_machine(name: str) -> None:
    environment = {name: "db.example", "PGSSLMODE": "verify-full"}

    assert not is_private("postgresql+psycopg:///mediation", environment)
    assert is_private("postgresql+psycopg://app@localhost/mediation", {})
