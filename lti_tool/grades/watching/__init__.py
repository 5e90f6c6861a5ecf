"""Knowing what changed on a site without reading it all: the watch of its report, signals, nights.

Decides *whom* to mark and when; what is marked is read by ``grades.tasks``. Says since when the values
of a course or of a learner are known to be right.
"""
