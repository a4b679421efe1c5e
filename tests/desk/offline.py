"""A desk without the network, in tests: a house, a device, and what it sends afterwards."""

import json

from bookings.desk.devices import issue_device
from tests import events
from tests.events import AFTERNOON, reviewer
from tests.factories import NOW


class Desk:
    """A device of a station, as the program on it works."""

    def __init__(self, client, station, name="门口平板"):
        self.client, self.station = client, station
        self.device, self.token = issue_device(
            station=station, name=name, by=reviewer("manager"), now=NOW
        )

    def send(self, address, body):
        return self.client.post(
            f"/api/desk/{address}",
            json.dumps(body),
            content_type="application/json",
            headers={"authorization": f"Bearer {self.token}"},
        )

    def get(self, address, **headers):
        headers["authorization"] = f"Bearer {self.token}"
        return self.client.get(f"/api/desk/{address}", headers=headers)

    def scan(self, code, **more):
        return self.send("scans", scan_of(code, **more)).json()

    def sync(self, *scans):
        return self.send("sync", {"scans": scans}).json()["answers"]


def scan_of(code, *, nonce="1", at=AFTERNOON, action="arrive", **more):
    return {"code": code, "nonce": nonce, "at": at.isoformat(), "action": action, **more}


def told_offline(station, code, *, nonce="n-9", at=AFTERNOON, told="ok", **more):
    """The conflict that a scan of an offline desk leads to."""
    taken = events.scan(
        station, code, nonce=nonce, at=at, device="tablet", offline=True, told=told, **more
    )
    return taken.conflict
