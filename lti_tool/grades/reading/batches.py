"""Cuts what is read as it comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of ``size`` values at most, without reading further ahead."""
    source = iter(values)
    while batch := list(islice(source, size)):
        yield batch
