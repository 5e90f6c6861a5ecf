"""Use cases of the anchoring: open cases, answer waves, confirm them, read established levels."""
