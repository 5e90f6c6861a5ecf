"""``make bench``: one measure for each promise of ``docs/reference/performance.md``.

A figure is the median of several runs with its 95th percentile and its spread. Comparisons are made
side by side in one run. Nothing here is a test of correctness: the suite does that.
"""
