"""Files are offered by plain links, so that the session goes with them into another site's page."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[3] / "templates"


def test_no_link_carries_the_attribute_that_leaves_the_session_behind() -> None:
    # In a frame on another site, Chromium asks for the target of `<a download>` without the
    # partitioned cookie: the answer is a refusal. `Content-Disposition` saves the file by itself.
    found = []
    for page in TEMPLATES.rglob("*.html"):
        html = re.sub(r"{{.*?}}|{%.*?%}", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        if re.search(r"<a\s[^>]*\bdownload\b", re.sub(r'"[^"]*"', "", html)):
            found.append(page.relative_to(TEMPLATES).as_posix())
    assert found == []
