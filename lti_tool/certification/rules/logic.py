"""Three-valued logic of certification rules (Kleene), specification §3.1.

Owns the statuses a criterion can have and how they combine. Knows nothing of grades or evidence.
"""

from collections.abc import Iterable
from enum import StrEnum


class Status(StrEnum):
    """What is known of a criterion; the values are stored and never change."""

    SATISFIED = "satisfied"
    PENDING = "pending"
    NOT_SATISFIED = "not_satisfied"


def all_of(statuses: Iterable[Status]) -> Status:
    """Return NOT_SATISFIED if any is, else PENDING if any is, else SATISFIED."""
    found = set(statuses)
    if Status.NOT_SATISFIED in found:
        return Status.NOT_SATISFIED
    return Status.PENDING if Status.PENDING in found else Status.SATISFIED


def any_of(statuses: Iterable[Status]) -> Status:
    """Return SATISFIED if any is, else PENDING if any is, else NOT_SATISFIED."""
    found = set(statuses)
    if Status.SATISFIED in found:
        return Status.SATISFIED
    return Status.PENDING if Status.PENDING in found else Status.NOT_SATISFIED


def at_least(k: int, statuses: Iterable[Status]) -> Status:
    """Return SATISFIED if k are, PENDING if the pending ones could still make k, else NOT_SATISFIED."""
    seen = list(statuses)
    satisfied = seen.count(Status.SATISFIED)
    if satisfied >= k:
        return Status.SATISFIED
    if satisfied + seen.count(Status.PENDING) >= k:
        return Status.PENDING
    return Status.NOT_SATISFIED
