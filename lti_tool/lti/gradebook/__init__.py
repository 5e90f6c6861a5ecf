"""What the tool publishes in the gradebook of a platform (AGS 2.0): columns, scores, their statuses.

Owns ``line_item`` and ``score``. What an outcome is worth, the certification says (``outcomes``).
"""
