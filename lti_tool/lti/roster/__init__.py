"""The roster of a course as its platform tells it (NRPS 2.0): read as a job, kept in ``member``.

People are joined by the site and their number there, never by e-mail, which is not even read.
"""
