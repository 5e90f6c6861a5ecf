"""Names of the categories of a gradebook: only the tree of grades tells them."""

from __future__ import annotations

from moodle_client import MissingCapability, MissingFunction, MoodleClient


def read_categories(client: MoodleClient, moodle_id: int) -> dict[int, str] | None:
    """Return the name of each category by Moodle's number; None when the token may not know.

    Raises:
        MoodleError: the site cannot be read.
    """
    try:
        tree = client.get_grade_tree(moodle_id)
    except (MissingCapability, MissingFunction):
        return None
    return {node.id: node.name for node in tree.walk() if node.is_category}
