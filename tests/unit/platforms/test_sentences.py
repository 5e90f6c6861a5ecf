"""Every failure of Moodle has a sentence for the person who meets it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lti_tool.errors import LtiToolError, NotFound
from lti_tool.platforms.errors import SiteUnavailable
from lti_tool.platforms.sentences import moodle_sentence, moodle_sentences, sentence_for_code
from moodle_client import MissingCapability, MoodleError


def whole_tree(root: type[MoodleError] = MoodleError) -> Iterator[type[MoodleError]]:
    """The root and every class below it that the client defines."""
    yield root
    for child in root.__subclasses__():
        if child.__module__.startswith("moodle_client"):
            yield from whole_tree(child)


TREE = tuple(dict.fromkeys(whole_tree()))


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_each_class_of_the_tree_has_a_sentence_of_its_own(kind: type[MoodleError]) -> None:
    parents = [parent for parent in kind.__mro__[1:] if issubclass(parent, MoodleError)]
    own = str(moodle_sentence(kind))
    assert own.count(".") >= 2, "what happened, then what to do"
    assert all(own != str(moodle_sentence(parent)) for parent in parents)


def test_no_class_of_the_tree_is_told_without_its_code() -> None:
    assert set(moodle_sentences()) == {kind.code for kind in TREE}


def test_a_class_unknown_here_is_told_as_its_parent() -> None:
    class Rarer(MissingCapability):
        code = "MOODLE-RARER"

    assert str(moodle_sentence(Rarer)) == str(moodle_sentence(MissingCapability))


def test_the_error_for_the_person_carries_moodle_s_code_and_none_of_its_words() -> None:
    error = MissingCapability(
        wsfunction="core_cohort_get_cohorts",
        errorcode="nopermissions",
        moodle_message="Désolé, Awa Fictive n’a pas ce droit",
    )
    shown = SiteUnavailable.of(error)
    assert (shown.code, shown.status) == ("MOODLE-MISSING-CAPABILITY", 503)
    assert shown.sentence() == str(moodle_sentence(MissingCapability))
    assert "Awa" not in f"{shown} {shown.detail} {shown.sentence()}"


def test_the_class_keeps_its_own_code_after_an_instance_took_another() -> None:
    SiteUnavailable.of(MoodleError())
    assert SiteUnavailable.code == "PLT-SITE"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("MOODLE-TIMEOUT", "trop de temps"),
        ("JOB-CRASHED", "erreur de l’outil"),
        ("JOB-DATABASE", "La base de données n’a pas répondu"),
        ("JOB-LEASE", "n’a pas pu aller à sa fin"),
        ("ANC-404", str(NotFound.message)),
        ("NEVER-HEARD-OF", str(LtiToolError.message)),
        ("", str(LtiToolError.message)),
    ],
)
def test_a_recorded_code_is_told_in_words(code: str, sentence: str) -> None:
    assert sentence in sentence_for_code(code)
