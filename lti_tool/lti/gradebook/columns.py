"""The columns of the gradebook that are ours: found, made, and recognised before each writing.

Moodle recognises a grade item by its number alone and never looks for duplicates (traps AGS 9 and
12): ours carry a ``resourceId`` and a ``tag``, are searched before any is made, and an address is
written to only when the platform gave it and what stands there carries both. They are coupled to no
activity: a second coupled column would hide the activity's own from its launches (trap LTI 9).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lti_tool.lti.gradebook.outcomes import MAXIMUM
from lti_tool.lti.models import Outcome
from lti_tool.lti.services.addresses import check_address, with_query
from lti_tool.lti.services.connector import ServiceConnector
from lti_tool.lti.services.errors import (
    ServiceAnswerUnfit,
    ServiceForbidden,
    ServiceNotThere,
)
from lti_tool.lti.services.names import (
    LINE_ITEM,
    LINE_ITEM_CONTAINER,
    LINE_ITEMS,
    LINE_ITEMS_READ,
)

TAG = "ancrage"
MAX_PAGES = 100
_READ = (LINE_ITEMS, LINE_ITEMS_READ)


def resource_id(outcome: Outcome) -> str:
    """Return the ``resourceId`` of our column for an outcome."""
    return f"ancrage-{outcome.value}"


def is_ours(document: Any, outcome: Outcome) -> bool:
    """Whether a line item is our column for this outcome; its label may have been changed."""
    return (
        isinstance(document, dict)
        and document.get("resourceId") == resource_id(outcome)
        and document.get("tag") == TAG
    )


def find_column(connector: ServiceConnector, lineitems_url: str, outcome: Outcome) -> str | None:
    """Return the address of our column, None when the course has none.

    Raises:
        ServiceFailed: the columns cannot be read.
    """
    search = with_query(lineitems_url, resource_id=resource_id(outcome), tag=TAG)
    for document in _listed(connector, search):
        if is_ours(document, outcome):
            return _address(connector, document)
    return None


def make_column(
    connector: ServiceConnector, lineitems_url: str, outcome: Outcome, label: str
) -> str:
    """Make our column and return its address. Search first: the platform does not.

    Raises:
        ServiceFailed: the platform does not let us.
    """
    answer = connector.post(
        lineitems_url,
        {
            "label": label,
            "scoreMaximum": int(MAXIMUM),
            "resourceId": resource_id(outcome),
            "tag": TAG,
        },
        media_type=LINE_ITEM,
        needs=(LINE_ITEMS,),
    )
    if answer.status == 403:
        raise ServiceForbidden("making a column: status 403")
    if answer.status == 404:
        raise ServiceNotThere("making a column: status 404")
    if answer.status not in (200, 201):
        raise ServiceAnswerUnfit(f"making a column: status {answer.status}")
    return _address(connector, answer.document())


def column_stands(connector: ServiceConnector, address: str, outcome: Outcome) -> bool:
    """Whether our column is still at this address; another one, or none, is not ours to write to.

    Raises:
        ServiceFailed: it cannot be told.
    """
    try:
        answer = connector.get(address, accept=LINE_ITEM, needs=_READ)
    except ServiceNotThere:
        return False
    return is_ours(answer.document(), outcome)


def _listed(connector: ServiceConnector, address: str) -> Iterator[Any]:
    following: str | None = address
    seen: set[str] = set()
    while following and following not in seen and len(seen) < MAX_PAGES:
        seen.add(following)
        answer = connector.get(following, accept=LINE_ITEM_CONTAINER, needs=_READ)
        documents = answer.document()
        if not isinstance(documents, list):
            raise ServiceAnswerUnfit("the columns are no list")
        yield from documents
        following = answer.next_address()


def _address(connector: ServiceConnector, document: Any) -> str:
    address = document.get("id") if isinstance(document, dict) else None
    if not isinstance(address, str) or not address or len(address) > 1000:
        raise ServiceAnswerUnfit("a column without address")
    return check_address(address, connector.platform.issuer, connector.platform.token_url)
