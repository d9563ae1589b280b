"""Traces (OpenTelemetry) for whoever names a collector; without one nothing is imported, and a span costs nothing."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

Value = str | int | float | bool
_NOTHING = nullcontext()


def installed() -> bool:
    """Whether what traces need is there: `pip install 'parvis[traces]'`."""
    try:
        metadata.distribution("opentelemetry-exporter-otlp-proto-http")
    except metadata.PackageNotFoundError:
        return False
    return True


class Traces:
    """The spans of this process: of requests, moves, runs and letters, by their numbers, never a name nor a word typed.

    The provider is our own: libraries that would tell the addresses people ask for find none.
    """

    def __init__(self) -> None:
        self._provider: TracerProvider | None = None
        self._tracer: Tracer | None = None

    def begin(self, collector: str, process: str) -> None:
        """Send what follows to `collector` (OTLP over HTTP); nothing when it is empty or this was done already."""
        if not collector or self._provider is not None:
            return
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        version = metadata.version("parvis")
        about = {
            "service.name": f"parvis-{process}",
            "service.namespace": "parvis",
            "service.version": version,
        }
        self._provider = TracerProvider(resource=Resource(about))
        exporter = OTLPSpanExporter(endpoint=f"{collector}/v1/traces", timeout=5)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("parvis", version)

    @contextmanager
    def running(self, collector: str, process: str) -> Iterator[None]:
        """`begin` for the time of the block, and `end`."""
        self.begin(collector, process)
        try:
            yield
        finally:
            self.end()

    def span(self, name: str, **said: Value | None) -> AbstractContextManager[object]:
        """The span of what the block does, inside that of what surrounds it; an error is told by its class alone."""
        return _NOTHING if self._tracer is None else _Spanning(self._tracer, name, said)

    def say(self, name: str | None = None, **said: Value | None) -> None:
        """Add what is known by now to the span around, `name` its own name."""
        if self._tracer is None:
            return
        from opentelemetry.trace import get_current_span  # noqa: PLC0415

        span = get_current_span()
        if name:
            span.update_name(name)
        span.set_attributes(_named(said))

    def end(self) -> None:
        """Send what is left, and stop."""
        if self._provider is not None:
            self._provider.shutdown()
        self._provider = self._tracer = None


class _Spanning:
    """One span, around a block."""

    def __init__(self, tracer: "Tracer", name: str, said: dict[str, Value | None]) -> None:
        self._around = tracer.start_as_current_span(
            name, attributes=_named(said), record_exception=False, set_status_on_exception=False
        )

    def __enter__(self) -> object:
        self._span = self._around.__enter__()
        return self._span

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            from opentelemetry.trace import Status, StatusCode  # noqa: PLC0415

            self._span.set_status(Status(StatusCode.ERROR, kind.__name__))
        self._around.__exit__(None, None, None)


def _named(said: dict[str, Value | None]) -> dict[str, Value]:
    return {f"parvis.{name}": value for name, value in said.items() if value is not None}


TRACES = Traces()
"""Those of this process."""
