"""Everything in one encrypted file, and back: rows.py says what a row is, archive.py writes and reads.

A backup is an age file (age-encryption.org) around a tar: `manifest.json`, the tables' rows in parts,
the evidence as it lies on disk (ciphertext), `summary.json` with each table's count and hash. The
key is derived from the first of the DATA_KEYS: who keeps that key and the file can bring everything
back. Rows are written as values and not as one engine's pages, so SQLite's backup goes into PostgreSQL too.
"""
