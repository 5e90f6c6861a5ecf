"""Anchoring: what became of the skill in the year after an award (``spec/anchoring.md``).

An issued award opens a case with waves at 0, 3, 6 and 12 months; a level is established from the
learner's report, the partner's blind confirmation and validated evidence.
"""
