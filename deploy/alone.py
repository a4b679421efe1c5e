"""Run a command in a session of its own: python deploy/alone.py COMMAND…

Who is asked to stop asks the command's first process alone. The worker's first process lets each task
end before it stops the others; told all at once (Ctrl-C, a process manager), they die under it.
"""

import signal
import subprocess
import sys

process = subprocess.Popen(sys.argv[1:], start_new_session=True)
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda *_: process.terminate())
sys.exit(process.wait())
