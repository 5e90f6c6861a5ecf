"""The demonstration: a Moodle of its own, data of invented people, and what starts it all.

``moodle`` is a platform like any other: the tool and it speak over HTTP only. The rest of this
room fills an installation through the same services that people use.
"""
