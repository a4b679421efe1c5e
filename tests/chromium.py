"""Which Chromium the browser tests and the screenshots use: CHROMIUM, the system's, or playwright's.
Its headless shell, which draws no window, takes half the time."""

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
NAMES = ["chromium-headless-shell", "chromium", "google-chrome"]
FOUND = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
LAUNCH = {"args": FLAGS, **({"executable_path": FOUND} if FOUND else {})}
