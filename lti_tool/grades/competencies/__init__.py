"""Competencies rated in Moodle: read beside the grades, kept as snapshots, shown beside our own.

They decide nothing: no rule of certification reads them yet (decision 0047).
"""
