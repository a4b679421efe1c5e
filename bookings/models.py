"""Every model, in the steps' order, for Django only: code imports them from their step."""

from bookings.core.audit import AuditEntry, AuditSeal
from bookings.places.models import Bed, Closure, District, Policy, Room, Station
from bookings.people.models import Graduate, Membership, Suspension, User
from bookings.people.staff.models import Invitation
from bookings.messages.models import Message
from bookings.applications.models import Application, Evidence
from bookings.applications.seen import PaperSeen, PaperToSee
from bookings.eligibility.models import Appeal, Decision, Override, Trial
from bookings.beds.models import BedMove, BedNight, RoomNight, Stay
from bookings.beds.waitlist.models import Alert, Offer, Wait
from bookings.passes.models import Pass
from bookings.desk.models import Device, Redemption, Scan, Service
from bookings.desk.conflicts.models import Conflict
from bookings.desk.handover.models import HandoverNote, HandoverRead
from bookings.desk.keys.models import KeyLoan
from bookings.desk.register.models import RegisterBatch, Registration
from bookings.desk.services.models import Booking, Slot
from bookings.desk.incidents.models import Complaint, Incident
from bookings.desk.walkin.models import WalkIn
from bookings.retention.models import FollowUp, Outcome
from bookings.retention.bureau.models import BureauList, BureauMatch, BureauPart

__all__ = [
    "Alert",
    "Appeal",
    "Application",
    "AuditEntry",
    "AuditSeal",
    "Bed",
    "BedMove",
    "BedNight",
    "Booking",
    "BureauList",
    "BureauMatch",
    "BureauPart",
    "Closure",
    "Conflict",
    "Complaint",
    "Decision",
    "Device",
    "District",
    "Evidence",
    "FollowUp",
    "Graduate",
    "HandoverNote",
    "HandoverRead",
    "KeyLoan",
    "Incident",
    "Invitation",
    "Membership",
    "Message",
    "Offer",
    "Outcome",
    "Override",
    "PaperSeen",
    "PaperToSee",
    "Pass",
    "Policy",
    "Redemption",
    "RegisterBatch",
    "Registration",
    "Room",
    "RoomNight",
    "Scan",
    "Service",
    "Slot",
    "Station",
    "Stay",
    "Suspension",
    "Trial",
    "User",
    "Wait",
    "WalkIn",
]
