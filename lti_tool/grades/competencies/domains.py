"""Which of our domains a competency of Moodle speaks of. Pure."""

from __future__ import annotations

import re

_IDNUMBER = re.compile(r"RMP-ADL-C(0?[1-9]|1[0-5])", re.IGNORECASE)


def domain_number(idnumber: str) -> int | None:
    """Return the number of the domain (1 to 15) that ``RMP-ADL-Cnn`` names; None for other texts."""
    found = _IDNUMBER.fullmatch(idnumber.strip())
    return int(found[1]) if found else None
