"""The recorded site, as an object that can lose a cohort, a member or its voice, and over HTTP.

Records are those of the recordings, read by the client's own models.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, Self

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from moodle_client import Cohort, User
from moodle_client.models.cohorts import CohortMembers
from moodle_client.models.record import records

RECORDINGS = Path(__file__).parents[2] / "recordings" / "4.5" / "ws"


def recorded(name: str) -> Any:
    """Body of a recorded answer."""
    return json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))["response"]["body"]


def user(number: int) -> User:
    """A recorded account, given another number and a name that tells it apart."""
    (first,) = (
        User.read(one) for one in records(recorded("core_user_get_users_by_field-id")[:1], "users")
    )
    values = {name: getattr(first, name) for name in User.__slots__}
    return User(**(values | {"id": number, "fullname": f"Personne Fictive {number}"}))


class MoodlePeer:
    """The three functions that the reading of cohorts calls."""

    def __init__(self) -> None:
        self.cohorts = {
            one.id: one
            for one in map(Cohort.read, records(recorded("core_cohort_get_cohorts"), "cohorts"))
        }
        self.members = {
            one.cohort_id: one.user_ids
            for one in map(
                CohortMembers.read,
                records(recorded("core_cohort_get_cohort_members"), "members"),
            )
        }
        self.hidden: set[int] = set()
        self.asked: list[tuple[str, int]] = []
        self.before_answer: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def require_site(self, _addresses: Collection[str]) -> None:
        """It is the site."""

    def get_cohorts(self) -> list[Cohort]:
        """Every cohort of the site."""
        self.before_answer()
        return list(self.cohorts.values())

    def get_cohort_members(
        self, cohort_ids: Sequence[int], *, skip_unknown: bool
    ) -> list[CohortMembers]:
        """Members of the cohorts that exist."""
        assert skip_unknown
        self.before_answer()
        self.asked.append(("members", len(cohort_ids)))
        return [CohortMembers(one, self.members[one]) for one in cohort_ids if one in self.members]

    def get_users_by_field(self, field: str, values: Sequence[int]) -> list[User]:
        """Accounts by number; hidden ones are left out without a word, as Moodle does."""
        assert field == "id"
        self.before_answer()
        self.asked.append(("users", len(values)))
        return [user(one) for one in values if one not in self.hidden]


def serve_recorded_site(server: HTTPServer) -> None:
    """Answer the functions of cohorts over HTTP with the recorded bodies."""
    template = recorded("core_user_get_users_by_field-id")[0]

    def answer(request: Request) -> Response:
        values = [
            int(v) for k, v in request.form.items() if k.startswith(("values[", "cohortids["))
        ]
        bodies = {
            "core_webservice_get_site_info": recorded("core_webservice_get_site_info")
            | {"siteurl": server.url_for("")},
            "core_cohort_get_cohorts": recorded("core_cohort_get_cohorts"),
            "core_cohort_get_cohort_members": [
                one
                for one in recorded("core_cohort_get_cohort_members")
                if one["cohortid"] in values
            ],
            "core_user_get_users_by_field": [
                template | {"id": one, "fullname": f"Personne Fictive {one}"} for one in values
            ],
        }
        return Response(json.dumps(bodies[request.form["wsfunction"]]), mimetype="application/json")

    server.expect_request("/webservice/rest/server.php", method="POST").respond_with_handler(answer)
