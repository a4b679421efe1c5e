"""The statistics' counts, kept month by month, so that a page reads some rows and counts none.

`tallied.py` marks what is kept and reads it; `keep.py` counts and is the worker's. docs/statistics.md
says how old a number may be.
"""
