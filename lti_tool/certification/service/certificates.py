"""The certificates of a person, as far as the pages of the certification need them.

Certificates belong to a room further on, which also draws them (``credentials/card.html``): the
wiring of the application says who finds them, and this room hands them over without looking in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

CertificateFinder = Callable[[Session, int], Sequence[object]]
_finders: list[CertificateFinder] = []


def find_certificates_with(finder: CertificateFinder) -> CertificateFinder:
    """Have ``finder`` give the certificates of a person, each with its ``award``."""
    _finders[:] = [finder]
    return finder


def certificates_of(session: Session, person_id: int) -> list[object]:
    """Return the certificates of a person, in the order of the finder."""
    return [certificate for finder in _finders for certificate in finder(session, person_id)]
