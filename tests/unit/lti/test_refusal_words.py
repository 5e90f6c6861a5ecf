"""Every reason to refuse has a likely cause for whoever looks after the site."""

from __future__ import annotations

import pytest

from lti_tool.lti.errors import Reason
from lti_tool.lti.refusal_words import CAUSES, cause_of
from lti_tool.platforms.diagnosis import Level, Who


@pytest.mark.parametrize("reason", [*Reason, "LTI-OF-TOMORROW"])
def test_each_reason_has_a_cause_and_somebody_when_there_is_something_to_do(reason: str) -> None:
    cause = cause_of(reason)
    assert str(cause.cause)
    assert bool(str(cause.remedy)) == (cause.who != Who.NOBODY)


def test_reloading_is_nobodys_fault() -> None:
    assert cause_of(Reason.STATE_USED).level == Level.OK


def test_what_nobody_vouches_for_is_a_warning_and_never_a_fault_of_the_site() -> None:
    forged = {cause_of(reason).level for reason in (Reason.ALGORITHM, Reason.NONCE, "LTI-?")}
    assert forged == {Level.WARNING}


def test_no_cause_is_written_for_a_code_that_does_not_exist() -> None:
    assert set(CAUSES) - {str(reason) for reason in Reason} == {"LTI-KEYS-UNAVAILABLE"}
