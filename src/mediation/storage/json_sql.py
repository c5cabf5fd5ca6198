"""SQL texts that carry rows as JSON, built once at import for both dialects from the one metadata."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Integer, Table, TextClause, text

_POSTGRESQL_TYPES: tuple[tuple[type, str], ...] = (
    (Boolean, "boolean"),
    (DateTime, "timestamptz"),
    (Date, "date"),
    (BigInteger, "bigint"),
    (Integer, "integer"),
)


def sql_type(column: Column[object]) -> str:
    """The PostgreSQL type a value of this column is read as."""
    return next((name for kind, name in _POSTGRESQL_TYPES if isinstance(column.type, kind)), "text")


def names(table: Table, *, without: Iterable[str] = ()) -> list[str]:
    """Column names in order."""
    left_out = set(without)
    return [column.name for column in table.columns if column.name not in left_out]


def children(table: Table, dialect: str, columns: Iterable[str] | None = None) -> str:
    """A sub-select: the rows of one case as a JSON array in the order of their ids."""
    wanted = list(columns or names(table, without=["case_id"]))
    if dialect == "sqlite":
        pairs = ", ".join(f"'{name}', {name}" for name in wanted)
        rows = f"(select * from {table.name} where case_id = c.id order by id)"
        return f"(select json_group_array(json_object({pairs})) from {rows})"
    inner = f"select {', '.join(wanted)} from {table.name} where case_id = c.id order by id"
    return f"(select coalesce(json_agg(t), '[]')::text from ({inner}) t)"


_CONFLICT = {"case_scope": ["case_id", "scope_id"]}


@lru_cache
def given_rows(table: Table, dialect: str, columns: tuple[str, ...], parameter: str) -> str:
    """Rows `r` of these columns from a JSON parameter, to update or to compare with."""
    if dialect == "sqlite":
        picked = ", ".join(f"value ->> '$.{name}' as {name}" for name in columns)
        return f"(select {picked} from json_each(:{parameter})) as r"
    typed = ", ".join(f"{name} {sql_type(table.c[name])}" for name in columns)
    return f"jsonb_to_recordset(cast(:{parameter} as jsonb)) as r({typed})"


@lru_cache
def upsert(table: Table, dialect: str, *, gated: bool) -> str:
    """Insert rows from the JSON parameter named like the table; a row whose key is there is replaced."""
    columns = names(table)
    keys = _CONFLICT.get(table.name) or [column.name for column in table.primary_key.columns]
    values = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in {*keys, "case_id"})
    action = f"do update set {values}" if values else "do nothing"
    target = f"insert into {table.name} ({', '.join(columns)})"
    if dialect == "sqlite":
        picked = ", ".join(f"value ->> '$.{name}'" for name in columns)
        source = f"select {picked} from json_each(:{table.name}) where true"
        return f"{target} {source} on conflict ({', '.join(keys)}) {action}"
    typed = ", ".join(f"{column.name} {sql_type(column)}" for column in table.columns)
    picked = ", ".join(f"r.{name}" for name in columns)
    gate = "gate, " if gated else ""
    source = f"from {gate}jsonb_to_recordset(cast(:{table.name} as jsonb)) as r({typed})"
    return f"{target} select {picked} {source} on conflict ({', '.join(keys)}) {action}"


@lru_cache
def insert(table: Table, dialect: str, *, gated: bool) -> str:
    """Insert rows from the JSON parameter named like the table; a row whose key is there is an error."""
    return upsert(table, dialect, gated=gated).split(" on conflict ")[0].removesuffix(" where true")


@lru_cache
def update_case(table: Table, dialect: str, columns: tuple[str, ...], condition: str = "true") -> str:
    """Compare-and-set one case: every column from its own parameter, where the version is still the one read."""
    sets = ", ".join(f"{name} = {_value(table.c[name], dialect)}" for name in columns)
    return f"update {table.name} set {sets} where id = :id and version = :read_version and {condition}"


@lru_cache
def insert_case(table: Table, dialect: str, condition: str = "true") -> str:
    """Insert one case, every column from its own parameter."""
    columns = names(table)
    values = ", ".join(_value(table.c[name], dialect) for name in columns)
    return f"insert into {table.name} ({', '.join(columns)}) select {values} where {condition}"


def _value(column: Column[object], dialect: str) -> str:
    kind = sql_type(column)
    return f":{column.name}" if dialect == "sqlite" or kind == "text" else f"cast(:{column.name} as {kind})"


@lru_cache
def statement(sql: str) -> TextClause:
    """One prebuilt statement per SQL text."""
    return text(sql)
