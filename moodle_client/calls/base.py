"""What every call shares: the transport, reading an answer, cutting long lists in pieces."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from moodle_client.functions import Function
from moodle_client.models.record import Record, records
from moodle_client.transport import Parameters, Transport

T = TypeVar("T")

CHUNK = 500
"""Values sent in one call: half of PHP's usual `max_input_vars`, beyond which it cuts silently."""


class Calls:
    """Base of the groups of methods; holds the transport and nothing else."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def call(
        self, wsfunction: str, parameters: Parameters | None = None, *, timeout: float | None = None
    ) -> Any:
        """Call any function by name and give its JSON untyped.

        For functions that have no method here. Those outside `Function` may write, so they are
        never repeated after a failure.

        Args:
            wsfunction: name of the function.
            parameters: nested values (numbers, texts, lists, mappings).
            timeout: seconds of silence allowed, instead of the client's.

        Raises:
            MoodleError: any of its subclasses.
        """
        return self._transport.call(wsfunction, parameters or {}, timeout=timeout)

    def _record(
        self, function: Function, parameters: Parameters, timeout: float | None = None
    ) -> Record:
        return Record(self.call(function, parameters, timeout=timeout), function)

    def _records(self, function: Function, parameters: Parameters) -> list[Record]:
        return records(self.call(function, parameters), function)


def in_chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Cut a list in pieces small enough for PHP; none for an empty list."""
    for start in range(0, len(values), size):
        yield list(values[start : start + size])
