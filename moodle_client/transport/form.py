"""Moodle's way of writing nested parameters in a flat form: `options[0][name]=limitfrom`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias, Union

Value: TypeAlias = Union[bool, int, str, "Mapping[str, Value]", "Sequence[Value]", None]
Parameters: TypeAlias = Mapping[str, Value]


def encode_form(parameters: Parameters) -> list[tuple[str, str]]:
    """Flatten parameters into form fields, in order.

    Booleans become 1 and 0, None leaves the field out, an empty list leaves no trace (Moodle sees
    no difference between an empty list and an absent one).
    """
    return [field for name, value in parameters.items() for field in _fields(name, value)]


def _fields(name: str, value: Value) -> Iterator[tuple[str, str]]:
    if value is None:
        return
    if isinstance(value, bool):
        yield name, "1" if value else "0"
    elif isinstance(value, int | str):
        yield name, str(value)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _fields(f"{name}[{key}]", inner)
    else:
        for position, inner in enumerate(value):
            yield from _fields(f"{name}[{position}]", inner)
