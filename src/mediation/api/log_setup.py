"""One JSON line per event on standard error, from the level asked for; no line holds what an error said.

The text of an error quotes what it failed on: a row that broke a constraint, a value that could not be read. So
a line tells the kind of each error, where it came from, and the codes of the database; never its text.
"""

import logging
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, Processor


def configure(level: str) -> None:
    """Set up structured logging for the process, that of its libraries included; repeated calls replace the set-up."""
    structlog.configure(
        processors=[*processors(), structlog.processors.JSONRenderer(serializer=_json)],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LibraryLines())
    root = logging.getLogger()
    for earlier in [entry for entry in root.handlers if isinstance(entry.formatter, LibraryLines)]:
        root.removeHandler(earlier)
    root.addHandler(handler)


def processors() -> list[Processor]:
    """What every event goes through before it is written as JSON."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _tell_errors,
    ]


class LibraryLines(logging.Formatter):
    """What libraries log, as one JSON line: the first line of their message, and the error without its text."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        told: dict[str, Any] = {"event": record.getMessage().partition("\n")[0]} if not record.exc_info else {}
        told |= {"logger": record.name, "level": record.levelname.lower()}
        if record.exc_info and record.exc_info[1] is not None:
            told |= {"event": "error_in_library", "errors": list(tell(record.exc_info[1]))}
        return _json(told, default=str)


def tell(error: BaseException) -> Iterator[dict[str, Any]]:
    """An error and what led to it, innermost last: kind, codes of the database, and the lines of code."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        frames = traceback.extract_tb(following.__traceback__)
        yield {
            "error": f"{type(following).__module__}.{type(following).__qualname__}",
            **_codes(following),
            "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        }
        following = following.__cause__ or following.__context__


def _codes(error: BaseException) -> dict[str, Any]:
    """What PostgreSQL says of an error besides its text, which may quote a row."""
    diag = getattr(error, "diag", None)
    told = {
        "sqlstate": getattr(error, "sqlstate", None),
        "table": getattr(diag, "table_name", None),
        "constraint": getattr(diag, "constraint_name", None),
    }
    return {name: value for name, value in told.items() if value is not None}


def _tell_errors(_logger: Any, _method: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["errors"] = list(tell(error))
    return event


def _json(event: Any, *, default: Callable[[Any], Any]) -> str:
    return orjson.dumps(event, default=default).decode()
