"""Grades, completion and enrolments as Moodle gives them: pulled, kept as snapshots, dated.

A missing grade is None, never 0; an unknown flag is None, never False (``spec`` M1-M14). What a
grade is worth is decided in ``certification``.
"""
