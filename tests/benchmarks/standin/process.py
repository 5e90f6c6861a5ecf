"""Starts the stand-in in a process of its own and speaks to it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self
from urllib.request import Request, urlopen

from tests.benchmarks.standin.world import TOKEN, Layout


@dataclass(frozen=True, slots=True)
class Told:
    """What the stand-in counted since it was last reset."""

    busy: float
    """Seconds that its answers took, one after the other."""
    occupied: float
    """Seconds during which it prepared one answer at least: its own time, at the concurrency it was
    given."""
    calls: dict[str, int]
    """How often each function was called."""


class StandIn:
    """``with StandIn(layout) as moodle:``; the process ends with the block."""

    token = TOKEN

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.base_url = ""
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.standin.server", self.layout.to_json()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.base_url = self._process.stdout.readline().strip()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        # Its input ends, and so does it.
        self._process.communicate(timeout=10)

    @property
    def pid(self) -> int:
        """Process id, to tell its cost apart."""
        assert self._process is not None
        return self._process.pid

    def change(self, course: int, learners: Iterable[int]) -> None:
        """Give other grades to some learners of a course."""
        self._post("change", {"course": course, "learners": list(learners)})

    def reset(self) -> None:
        """Have it count from zero."""
        self._post("reset", {})

    def told(self) -> Told:
        """Return what it counted."""
        return Told(**self._post("told", {}))

    def _post(self, word: str, said: dict[str, Any]) -> Any:
        # Plain http to a process of our own.
        request = Request(f"{self.base_url}/standin/{word}", json.dumps(said).encode())  # noqa: S310  # our own address
        with urlopen(request) as answer:  # noqa: S310  # our own address
            return json.load(answer)
