"""Why a task stops before its end: ``JobContext.progress`` raises it, the runner writes what follows.

Interrupted
├── TakenOver    its lease ran out and another worker may have it: write nothing more
├── Cancelled    a person asked for it to stop
└── GivenBack    the worker stops: the job goes back to the queue at once
"""

from __future__ import annotations


class Interrupted(Exception):
    """Stop here: what is stored stays, nothing more is written."""


class TakenOver(Interrupted):
    """The lease ran out and another worker may have the job."""


class Cancelled(Interrupted):
    """A person asked for the job to stop."""


class GivenBack(Interrupted):
    """The worker was told to stop; another one will begin the job again."""
