"""Every model, in the steps' order, for Django only: code imports them from their step."""

from bookings.core.audit import AuditEntry, AuditSeal
from bookings.places.models import Bed, Channel, Closure, District, Policy, Room, Station
from bookings.people.models import Graduate, Membership, Suspension, User
from bookings.messages.models import Message
from bookings.applications.models import Application, Evidence
from bookings.eligibility.models import Appeal, Decision, Override, PrecheckCount, Trial
from bookings.beds.models import BedMove, BedNight, RoomNight, Stay
from bookings.beds.waitlist.models import Alert, Offer, Wait
from bookings.passes.models import Pass
from bookings.desk.models import Device, Redemption, Scan, Service
from bookings.retention.models import FollowUp, Outcome

__all__ = [
    "Alert",
    "Appeal",
    "Application",
    "AuditEntry",
    "AuditSeal",
    "Bed",
    "BedMove",
    "BedNight",
    "Channel",
    "Closure",
    "Decision",
    "Device",
    "District",
    "Evidence",
    "FollowUp",
    "Graduate",
    "Membership",
    "Message",
    "Offer",
    "Outcome",
    "Override",
    "Pass",
    "Policy",
    "PrecheckCount",
    "Redemption",
    "Room",
    "RoomNight",
    "Scan",
    "Service",
    "Station",
    "Stay",
    "Suspension",
    "Trial",
    "User",
    "Wait",
]
