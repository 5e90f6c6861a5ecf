"""Parts of the page of rules: the base rule as published, and the reasons a decision may carry."""

from __future__ import annotations

from lti_tool.certification.data import base_rule_text
from lti_tool.certification.present.wording import REASONS
from lti_tool.web.i18n import french_spaces
from tests.reference.markdown import code, table


def base_rule() -> str:
    """Return the YAML of the base rule, whole."""
    return f"\n```yaml\n{base_rule_text()}```\n\n"


def reasons() -> str:
    """Return the table of the reasons, with the sentence that people read."""
    return table(
        ["Reason", "What people read"],
        [
            [code(reason.value), french_spaces(str(sentence))]
            for reason, sentence in REASONS.items()
        ],
    )
