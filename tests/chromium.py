"""Which Chromium the browser tests and the screenshots use: CHROMIUM, the system's, or playwright's."""

import os
import shutil

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FOUND = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
LAUNCH = {"args": FLAGS, **({"executable_path": FOUND} if FOUND else {})}
