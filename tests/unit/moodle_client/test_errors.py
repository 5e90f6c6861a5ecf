"""The tree of errors: drawn as it is, stable codes, nothing private in what is printed."""

import re

import pytest

from moodle_client import MissingCapability, MoodleError, errors
from moodle_client.transport.failures import failure_in


def _all(kind: type[MoodleError]) -> list[type[MoodleError]]:
    return [kind, *(found for child in kind.__subclasses__() for found in _all(child))]


CLASSES = _all(MoodleError)
INSTANCES = [kind(wsfunction="f", errorcode="c", moodle_message="Aïssatou") for kind in CLASSES]


def test_every_class_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in CLASSES]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"MOODLE-[A-Z-]+", code) for code in codes)


def test_the_tree_is_drawn_at_the_top_as_it_is() -> None:
    drawn = re.findall(r"([│ ]*)[├└]── (\w+)", errors.__doc__ or "")
    parent: dict[str, str] = {}
    above = "MoodleError"
    for indent, name in drawn:
        deeper = len(indent) > 4
        parent[name] = above if deeper else "MoodleError"
        above = above if deeper else name
    assert parent == {kind.__name__: kind.__bases__[0].__name__ for kind in CLASSES[1:]}


@pytest.mark.parametrize("error", INSTANCES, ids=lambda error: type(error).__name__)
def test_what_is_printed_names_the_code_and_nobody(error: MoodleError) -> None:
    for shown in (str(error), repr(error)):
        assert error.code in shown
        assert "Aïssatou" not in shown


def test_only_what_may_mend_by_itself_is_retryable() -> None:
    names = {kind.__name__ for kind in CLASSES if kind.retryable}
    assert names == {
        "Unreachable",
        "MoodleTimeout",
        "ServerFailure",
        "Maintenance",
        "TruncatedAnswer",
    }


def _answer(errorcode: str, message: str = "") -> MoodleError:
    failure = failure_in(
        {"exception": "moodle_exception", "errorcode": errorcode, "message": message},
        "gradereport_user_get_grade_items",
    )
    assert failure is not None
    return failure


@pytest.mark.parametrize(
    ("errorcode", "kind"),
    [
        ("suspended", errors.UserSuspended),
        ("userdeleted", errors.UserDeleted),
        ("sitepolicynotagreed", errors.SiteNotReady),
        ("upgraderunning", errors.Maintenance),
        ("invalidresponse", errors.ServerFailure),
        ("notingroup", errors.MissingCapability),
        ("wsaccessuserexpired", errors.ServiceAccountClosed),
        ("neverseen", errors.UnexpectedAnswer),
    ],
)
def test_codes_that_were_not_recorded_have_their_class_too(
    errorcode: str, kind: type[MoodleError]
) -> None:
    assert type(_answer(errorcode)) is kind


def test_separate_groups_name_the_capability_that_opens_them() -> None:
    failure = _answer("notingroup")
    assert isinstance(failure, MissingCapability)
    assert failure.capabilities == ("moodle/site:accessallgroups",)


def test_obstacles_of_the_service_account_are_known_in_any_language() -> None:
    link = '<a href="https://campus.example.test/user/policy.php">Cliquez ici</a>'
    policy = _answer("errorcoursecontextnotvalid", f"Politique du site non acceptée : {link}")
    assert (type(policy), policy.reason) == (errors.SiteNotReady, "site_policy")
    password = _answer("errorcoursecontextnotvalid", "… error/forcepasswordchangenotice")
    assert (type(password), password.reason) == (errors.SiteNotReady, "password_change")
    closed = _answer("errorcoursecontextnotvalid", "Cours ou activité non accessible.")
    assert type(closed) is errors.CourseInaccessible


def test_a_missing_function_is_told_from_a_missing_object_in_any_language() -> None:
    message = "Impossible de trouver l'enregistrement dans la table external_functions"
    assert type(_answer("invalidrecord", message)) is errors.MissingFunction
    assert type(_answer("invalidrecord", "… la table course")) is errors.NotFound


def test_an_answer_with_similar_fields_is_no_error() -> None:
    assert failure_in({"errorcode": "x"}, "f") is None
    assert failure_in({"exception": "x"}, "f") is None


def test_the_text_of_moodle_is_kept_apart_without_markup() -> None:
    assert _answer("nopermissions", "<b>Non</b> &amp; non").moodle_message == "Non & non"
