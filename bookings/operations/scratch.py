"""Restore a backup into this process's database, a scratch one, and look through what came back:

    python -m bookings.operations.scratch FILE

The last line it prints is JSON: `reason` (one of Run.Reason, empty where all is well), `error` and
`figures`. drill.py starts it.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

TOLD = 5  # breaches written out; the rest are counted


def look_through(file: Path) -> dict[str, Any]:
    from django.core.management import call_command

    from bookings.backup.archive import BadBackup, opens, restore
    from bookings.core.audit import verify
    from bookings.invariants import breaches

    try:
        opens(file)  # what does not needs no database
        call_command("migrate", verbosity=0)
        report = restore(file)
    except BadBackup as error:
        return {"reason": "damaged", "error": str(error), "figures": {}}
    except OSError as error:
        return {"reason": "no_room", "error": str(error.strerror), "figures": {}}
    broken, changed = list(breaches()), list(verify())
    figures = {
        "rows": sum(report.counts.values()),
        "files": report.files,
        "tables": len(report.hashes),
        "breaches": len(broken),
        "breaks": len(changed),
    }
    reason = "breaches" if broken else "chain" if changed else ""
    return {"reason": reason, "error": _some(broken or changed), "figures": figures}


def _some(found: Iterable[str]) -> str:
    return "; ".join(list(found)[:TOLD])


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(look_through(Path(sys.argv[1]))))
