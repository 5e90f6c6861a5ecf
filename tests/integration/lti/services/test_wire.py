"""Calls leave by the one road out: what it refuses is refused here too."""

from __future__ import annotations

import pytest

from lti_tool.lti.services.errors import (
    ServiceAddressRefused,
    ServiceOutOfReach,
    ServiceUnreachable,
)
from lti_tool.lti.services.wire import exchange
from lti_tool.platforms.fetching import Policy


@pytest.mark.parametrize("address", ["http://169.254.169.254/latest", "http://10.0.0.1/members"])
def test_the_network_of_this_machine_is_out_of_reach(address: str, local_platforms: Policy) -> None:
    with pytest.raises(ServiceAddressRefused):
        exchange("GET", address, headers={})


def test_a_private_network_is_not_taken_for_an_address_of_somebody_else(
    local_platforms: Policy,
) -> None:
    with pytest.raises(ServiceOutOfReach):
        exchange("GET", "http://10.0.0.1/members", headers={})
    with pytest.raises(ServiceAddressRefused) as refused:
        exchange("GET", "http://169.254.169.254/latest", headers={})
    assert not isinstance(refused.value, ServiceOutOfReach), "no setting opens that one"


def test_a_platform_that_is_down_may_be_asked_later(local_platforms: Policy) -> None:
    with pytest.raises(ServiceUnreachable) as failed:
        exchange("GET", "http://127.0.0.1:1/", headers={})
    assert failed.value.retryable
