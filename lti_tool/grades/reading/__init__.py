"""Reads a course from Moodle: people, gradebook, completion. Writes nothing.

Facts that decide the shape (``spec/certification.md`` §3.3): suspended enrolments are absent from a
whole gradebook, which is not the same as ungraded (M6); a suspended account may be an error, not a
missing grade (M5); a course without criteria is an error too.
"""
