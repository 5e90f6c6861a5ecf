"""The form that decides an « écart », the same for the trainers of its course and the coordination."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from flask import request
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.certification.errors import (
    GroundMissing,
    LearnerNotTold,
    ReasonMissing,
    ReasonTooLong,
    ReviewChanged,
)
from lti_tool.certification.models import Award, DriftKind, DriftReview, RevocationGround
from lti_tool.certification.present.criteria import CourseNames, Sees
from lti_tool.certification.present.drift import DriftView, drift_view
from lti_tool.certification.service.drift_reviews import STATES_AFTER, decide
from lti_tool.certification.service.frozen import names_of_courses
from lti_tool.certification.service.independence import independent_of
from lti_tool.web.access import viewer
from lti_tool.web.database import db


@dataclass(slots=True)
class DriftForm:
    """What was sent about one review, and what is to be corrected in it."""

    review: DriftReview
    kind: str
    ground: str
    reason: str
    read_entry: int | None
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, review: DriftReview) -> DriftForm:
        """Return the form of this request."""
        version = request.form.get("version", "")[:12]
        return cls(
            review=review,
            kind=request.form.get("decision", ""),
            ground=request.form.get("ground", ""),
            reason=request.form.get("reason", ""),
            read_entry=int(version) if version.isascii() and version.isdigit() else None,
        )

    @property
    def public_id(self) -> str:
        """The review that the form is about."""
        return self.review.public_id

    def send(self, role: str) -> bool:
        """Decide as this form says; else say in ``errors`` what is to be corrected."""
        if self.kind not in [kind.value for kind in STATES_AFTER]:
            self.errors["decision"] = str(_("Choisissez une décision."))
            return False
        grounds = [ground.value for ground in RevocationGround]
        try:
            decide(
                db(),
                self.review,
                DriftKind(self.kind),
                actor_id=viewer().person_id,
                actor_role=role,
                reason=self.reason,
                ground=RevocationGround(self.ground) if self.ground in grounds else None,
                read_entry=self.read_entry,
            )
        except (ReasonMissing, ReasonTooLong) as refused:
            self.errors["reason"] = refused.sentence()
        except GroundMissing as refused:
            self.errors["ground"] = refused.sentence()
        except (ReviewChanged, LearnerNotTold) as refused:
            self.errors["decision"] = refused.sentence()
        db().rollback()
        return not self.errors


def drift_views(reviews: Sequence[DriftReview], sees: Sees) -> list[DriftView]:
    """Return reviews as the viewer may read them."""
    names = course_names_of([one.award for one in reviews])
    free = independent_of(
        db(),
        reviewer_id=viewer().person_id,
        person_ids=[one.award.person_id for one in reviews],
    )
    return [
        drift_view(one, names, sees, independent=one.award.person_id in free, at=clock.now())
        for one in reviews
    ]


def course_names_of(awards: Iterable[Award]) -> CourseNames:
    """Return the name of each course that the decisions of some awards cite, by its key there."""
    return names_of_courses(db(), list(awards))
