"""The certificates' part of what the tool holds about one person."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from lti_tool.credentials.service import certificates_of
from lti_tool.people.service.own_data import own_data_section


@own_data_section("certificates")
def own_certificates(session: Session, person_id: int) -> list[dict[str, Any]]:
    """Return the person's certificates."""
    return [
        {
            "number": certificate.number,
            "code": certificate.code,
            "domain": certificate.award.domain.code,
            "state": str(certificate.award.state),
            "holder_name": certificate.holder_name,
            "name_shown": str(certificate.name_shown),
            "issued_at": certificate.issued_at.isoformat(),
            "sha256": certificate.sha256,
        }
        for certificate in certificates_of(session, person_id)
    ]
