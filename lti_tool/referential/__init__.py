"""The RMP-ADL referential (15 domains, sub-themes) and the mapping of courses to it.

Mappings are dated and never rewritten: a change ends one line and begins another.
"""
