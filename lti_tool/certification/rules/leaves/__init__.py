"""The leaves of a rule, one module each: what it asks, and how a fact is judged against it.

A new leaf is a module here, a line in `Leaf` and a reader in `parser.leaves`.
"""

from lti_tool.certification.rules.leaves.completion import CompletionLeaf
from lti_tool.certification.rules.leaves.evidence import EvidenceLeaf
from lti_tool.certification.rules.leaves.grade import GradeLeaf

Leaf = GradeLeaf | CompletionLeaf | EvidenceLeaf

__all__ = ["CompletionLeaf", "EvidenceLeaf", "GradeLeaf", "Leaf"]
