"""What the processes tell of themselves on their error output: one line an event, as JSON or as words."""

import json
import logging
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import TextIO

from parvis.services.scrubbing import Scrubber

Told = str | int | float | bool | None | Mapping[str, int]
logger = logging.getLogger("parvis")
_BOUND: ContextVar[Mapping[str, Told]] = ContextVar("bound", default={})  # noqa: B039 - never written into


class LogFormat(StrEnum):
    """How the lines are written: `auto` is words on a terminal, JSON elsewhere."""

    AUTO = "auto"
    JSON = "json"
    TEXT = "text"


def tell(event: str, *, level: int = logging.INFO, **said: Told) -> None:
    """Write a line: what happened, and what is known of it: never a name, an address or a secret."""
    logger.log(level, event, extra={"said": said})


def tell_error(event: str, error: BaseException, **said: Told) -> None:
    """Write a line about something that went wrong and nobody foresaw, with its trace."""
    logger.error(event, exc_info=error, extra={"said": said})


@contextmanager
def bound(**said: Told) -> Iterator[None]:
    """Say this on every line told inside: which request, which run."""
    token = _BOUND.set({**_BOUND.get(), **said})
    try:
        yield
    finally:
        _BOUND.reset(token)


def begin(
    form: LogFormat, process: str, *, scrub: Scrubber | None = None, stream: TextIO | None = None
) -> None:
    """Have every logger of this process write such lines, in place of those that wrote to a console before.

    Called again, it changes what it has to. Without a `stream`, the error output of the moment.
    """
    wanted = _Lines(form, process, scrub or Scrubber(), stream)
    root = logging.getLogger()
    lines = [handler for handler in root.handlers if isinstance(handler, _Lines)]
    if [handler.chosen for handler in lines] != [wanted.chosen]:
        root.addHandler(wanted)
        for before in lines:
            root.removeHandler(before)
    for name in (None, *_OF_PREFECT):
        _take_over(logging.getLogger(name), wanted)
    logger.setLevel(logging.INFO)


_OF_PREFECT = ("uvicorn", "fastapi", "prefect.flow_runs", "prefect.task_runs", "prefect.extra")
"""Loggers to which Prefect gives handlers of their own."""


def _take_over(speaking: logging.Logger, lines: "_Lines") -> None:
    """Take Prefect's console away, and out of what goes to its server what no log may say."""
    for handler in list(speaking.handlers):
        match type(handler).__name__:
            case "PrefectConsoleHandler":
                speaking.removeHandler(handler)
                speaking.propagate = True
            case "APILogHandler" if not any(isinstance(each, _Scrubbed) for each in handler.filters):
                handler.addFilter(_Scrubbed(lines.scrub))


_OURS = frozenset({"at", "level", "process"})


class _Scrubbed(logging.Filter):
    """Lets every record through, on its way to another server, without what no log may say."""

    def __init__(self, scrub: Scrubber) -> None:
        super().__init__()
        self._scrub = scrub

    def filter(self, record: logging.LogRecord) -> bool:
        """Scrub a record."""
        record.msg, record.args = self._scrub(record.getMessage()), None
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = self._scrub("".join(traceback.format_exception(record.exc_info[1])))
        return True


class _Lines(logging.Handler):
    def __init__(self, form: LogFormat, process: str, scrub: Scrubber, stream: TextIO | None) -> None:
        super().__init__()
        self._form, self._process, self.scrub, self._stream = form, process, scrub, stream
        self.chosen = (form, process, scrub.secrets, stream)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; no log stops the work, were nobody reading it any more."""
        out = self._stream or sys.stderr
        try:
            as_json = self._form is LogFormat.JSON or (self._form is LogFormat.AUTO and not out.isatty())
            line = (_as_json if as_json else _as_text)(self._fields(record))
            out.write(f"{line}\n")
            out.flush()
        except (OSError, ValueError):
            return

    def _fields(self, record: logging.LogRecord) -> dict[str, Told]:
        """What a line says, scrubbed."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields: dict[str, Told] = {"at": at, "level": record.levelname.lower(), "process": self._process}
        fields["event"] = record.getMessage()
        if not record.name.startswith("parvis"):
            fields["logger"] = record.name
        fields |= {**_BOUND.get(), **getattr(record, "said", {})}
        if record.exc_info and record.exc_info[1] is not None:
            fields["error"] = type(record.exc_info[1]).__name__
            fields["trace"] = "".join(traceback.format_exception(record.exc_info[1]))
        return {
            name: self.scrub(value) if isinstance(value, str) and name not in _OURS else value
            for name, value in fields.items()
            if value is not None
        }


_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f"), " ")
"""Those of French sentences, which no reader of lines takes for anything else."""


def _as_json(fields: Mapping[str, Told]) -> str:
    """One line, whatever the values hold; a lone surrogate, which no UTF-8 can write, is escaped."""
    line = json.dumps(fields, ensure_ascii=False, separators=(",", ":"), default=str)
    return (
        line
        if line.translate(_SPACES).isprintable()
        else json.dumps(fields, separators=(",", ":"), default=str)
    )


def _as_text(fields: Mapping[str, Told]) -> str:
    """`2026-06-01T07:00:00.000+00:00 info request method=GET status=200`; a trace follows on lines of its own."""
    rest = dict(fields)
    at, level, event, trace = (rest.pop(name, "") for name in ("at", "level", "event", "trace"))
    said = " ".join(f"{name}={_plain(value)}" for name, value in rest.items())
    line = f"{at} {level} {_plain(event, quoted=False)} {said}".rstrip()
    return f"{line}\n{trace}".rstrip() if trace else line


def _plain(value: Told, *, quoted: bool = True) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    if text.isprintable() and not (quoted and set(text) & set(' "=')):
        return text
    return json.dumps(text)
