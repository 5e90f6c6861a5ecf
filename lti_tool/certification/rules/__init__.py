"""Certification decisions: pure, standard library alone (the parser also reads YAML).

No clock, no input or output, no randomness: facts in, `Decision` out (specification §3).
"""
