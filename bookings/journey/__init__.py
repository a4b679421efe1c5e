"""What follows what: one atomic function an event. The only place where the steps meet.

    submit → (refuse | approve | ask_for_more → resubmit) → withdraw / lapse / give_up
    scan: arrive, leave, redeem            answer: a follow-up

Each is keyword-only, told who (`by`, None for the worker) and when (`now`), and safe to call twice:
the second call finds the state changed and either does nothing or raises StateChanged.
"""

from bookings.core.transitions import StateChanged
from bookings.journey.apply import (
    BedIsHeld,
    NotComplete,
    NothingAdded,
    keep_person,
    resubmit,
    submit,
    withdraw,
)
from bookings.journey.clock import StayEvent, give_up, lapse
from bookings.journey.desk import leave, scan
from bookings.journey.follow_up import answer, ask
from bookings.journey.forget import StillNeeded, forget_due, forget_person, withdraw_consent
from bookings.journey.outlook import (
    free_nights,
    nights_left,
    papers_needed,
    preview,
    slips,
    story,
)
from bookings.journey.portrait import portrait
from bookings.journey.review import CannotApprove, approve, ask_for_more, note_look, refuse

__all__ = [
    "BedIsHeld",
    "CannotApprove",
    "NotComplete",
    "NothingAdded",
    "StateChanged",
    "StillNeeded",
    "StayEvent",
    "answer",
    "approve",
    "ask",
    "ask_for_more",
    "forget_due",
    "forget_person",
    "free_nights",
    "give_up",
    "keep_person",
    "lapse",
    "leave",
    "nights_left",
    "note_look",
    "papers_needed",
    "portrait",
    "preview",
    "refuse",
    "resubmit",
    "scan",
    "slips",
    "story",
    "submit",
    "withdraw",
    "withdraw_consent",
]
