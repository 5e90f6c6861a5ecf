"""Anchoring decisions: levels, waves, indicators (specification §2.2–2.6).

Pure: no clock, no input or output, no randomness.
"""
