"""Reports of a month or a year: built by the worker, kept by version, sent to who asked for them."""
