"""Every model, in the steps' order, for Django only: code imports them from their step."""

from bookings.core.audit import AuditEntry, AuditSeal
from bookings.places.models import Bed, Channel, Closure, District, Policy, Room, Station
from bookings.people.models import CodeCount, Graduate, Membership, Suspension, User
from bookings.people.former import FormerDocument
from bookings.people.looks import LookWords
from bookings.people.staff.models import Invitation
from bookings.messages.models import Contact, Message
from bookings.applications.models import Application, Evidence
from bookings.eligibility.models import Appeal, Decision, Override, PrecheckCount, Trial
from bookings.applications.seen import PaperSeen, PaperToSee
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
from bookings.retention.bureau.models import BureauList, BureauMatch, BureauPart
from bookings.operations.models import Run
from bookings.retention.models import Attempt, FollowUp, Outcome, Proof
from bookings.statistics.reports.models import (
    Mailing,
    PublicNumbers,
    Report,
    ReportFile,
    Subscription,
)
from bookings.statistics.tallies.models import Tally

__all__ = [
    "Alert",
    "Appeal",
    "Application",
    "Attempt",
    "AuditEntry",
    "AuditSeal",
    "Bed",
    "BedMove",
    "BedNight",
    "Booking",
    "BureauList",
    "BureauMatch",
    "BureauPart",
    "Channel",
    "Closure",
    "CodeCount",
    "Conflict",
    "Complaint",
    "Contact",
    "Decision",
    "Device",
    "District",
    "Evidence",
    "FollowUp",
    "FormerDocument",
    "Graduate",
    "HandoverNote",
    "HandoverRead",
    "KeyLoan",
    "Mailing",
    "Incident",
    "Invitation",
    "LookWords",
    "Membership",
    "Message",
    "Offer",
    "Outcome",
    "Override",
    "PaperSeen",
    "PaperToSee",
    "Pass",
    "Policy",
    "Proof",
    "PrecheckCount",
    "PublicNumbers",
    "Redemption",
    "RegisterBatch",
    "Registration",
    "Report",
    "ReportFile",
    "Room",
    "RoomNight",
    "Run",
    "Scan",
    "Service",
    "Slot",
    "Station",
    "Stay",
    "Subscription",
    "Suspension",
    "Tally",
    "Trial",
    "User",
    "Wait",
    "WalkIn",
]
