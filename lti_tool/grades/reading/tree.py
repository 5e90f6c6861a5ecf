"""The tree of a gradebook: it alone names the categories, and lists what the answers leave out."""

from __future__ import annotations

from dataclasses import dataclass

from moodle_client import MissingCapability, MissingFunction, MoodleClient


@dataclass(frozen=True, slots=True)
class Tree:
    """What stands in a gradebook, hidden or not.

    Args:
        categories: name of each category by Moodle's number; None: the token may not know.
        items: Moodle's numbers of the columns that are no totals.
    """

    categories: dict[int, str] | None = None
    items: frozenset[int] = frozenset()


def read_tree(client: MoodleClient, moodle_id: int) -> Tree:
    """Return the tree of a course; an empty one when the token may not know.

    Raises:
        MoodleError: the site cannot be read.
    """
    try:
        nodes = list(client.get_grade_tree(moodle_id).walk())
    except (MissingCapability, MissingFunction):
        return Tree()
    return Tree(
        {node.id: node.name for node in nodes if node.is_category},
        frozenset(node.id for node in nodes if not node.is_category),
    )
