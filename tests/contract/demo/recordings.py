"""The recorded exchanges, by kind and name."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "recordings" / "4.5"


@cache
def recording(kind: str, name: str) -> dict[str, Any]:
    """Return one recording: ``kind`` is ``ws`` or ``lti``."""
    return dict(json.loads((FOLDER / kind / f"{name}.json").read_text(encoding="utf-8")))


def body_of(name: str) -> Any:
    """Return the JSON body of a recorded web-service answer."""
    return recording("ws", name)["response"]["body"]


def names(kind: str, prefix: str) -> list[str]:
    """Return the names of the recordings that begin with ``prefix``."""
    return sorted(path.stem for path in (FOLDER / kind).glob(f"{prefix}*.json"))
