"""What a trainer chose, and the content items it makes."""

from __future__ import annotations

import pytest

from lti_tool.lti.activities import read_activity
from lti_tool.lti.deep_linking.items import Choice, Problem, content_items
from lti_tool.lti.models import Placement
from lti_tool.lti.vocabulary import CLAIM

FIELDS = {f"title_{one}": f"Titre {one}" for one in Placement}
SENTENCES = {one: f"Phrase {one}" for one in Placement}


def test_items_come_in_the_order_of_the_page() -> None:
    choice = Choice.read(["cohort", "path"], FIELDS)

    items = content_items(choice, SENTENCES, origin=7, columns=True)

    assert [item["title"] for item in items] == ["Titre path", "Titre cohort"]
    assert [item["text"] for item in items] == ["Phrase path", "Phrase cohort"]


@pytest.mark.parametrize("placement", list(Placement))
def test_what_was_placed_is_read_again_at_the_launch(placement: Placement) -> None:
    choice = Choice.read([placement], FIELDS | {"domain": "RMP-ADL-4"})
    [item] = content_items(choice, SENTENCES, origin=7, columns=True)
    custom = item["custom"] | {"ancrage_history": "7"}

    launched = read_activity(
        {CLAIM + "context": {"id": "12"}, CLAIM + "custom": custom}, link_id="1"
    )

    assert (launched.placement, launched.origin, launched.copied_from) == (placement, "7", "7")
    assert launched.domain == ("RMP-ADL-4" if placement == Placement.ACTION else "")


def test_a_column_is_for_the_action_alone_and_when_asked() -> None:
    both = Choice.read(["path", "action"], FIELDS | {"column": "1"})
    items = content_items(both, SENTENCES, origin=7, columns=True)
    assert ["lineItem" in item for item in items] == [False, True]

    without = content_items(Choice.read(["action"], FIELDS), SENTENCES, origin=7, columns=True)
    refused = content_items(both, SENTENCES, origin=7, columns=False)
    assert not any("lineItem" in item for item in [*without, *refused])


def test_titles_are_kept_as_names_are() -> None:
    fields = {"title_path": "Mon\u202e  parcours\x00"}
    assert Choice.read(["path"], fields).titles == {Placement.PATH: "Mon parcours"}


def test_problems_stand_beside_their_fields() -> None:
    choice = Choice.read(
        ["path", "action"], {"title_path": " ", "title_action": "A", "domain": "Z"}
    )

    assert choice.problems(multiple=False, domains=["RMP-ADL-4"]) == {
        "place": Problem.ONE_ONLY,
        "title_path": Problem.TITLE,
        "domain": Problem.DOMAIN,
    }
    assert Choice({}).problems(multiple=True, domains=[]) == {"place": Problem.NOTHING}
