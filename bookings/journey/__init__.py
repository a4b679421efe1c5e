"""What follows what: one atomic function an event. The only place where the steps meet.

    submit → (hold | wait → offer → (take_offer | decline_offer | let_pass → wait_on))
    submit → (refuse | approve | ask_for_more → resubmit) → withdraw / lapse / give_up
    promised → (remind → come_later) → give_up → undo_no_show
    promised or here → extend / shorten
    approved automatically → check_papers / revoke
    refused → appeal, or propose_override → (confirm_override | decline_override)
    at the desk: walk_in, see_papers, replace_pass, record_incident → complain → answer_complaint
    scan: arrive, leave → undo_leave, redeem            answer: a follow-up
    told otherwise without the network → settle         by the document → correct_person
    promised or here → (book_slot → cancel_booking)            end_slot: a service's hours called off
    receive_list → read_list → (discard_list | confirm_list → write_list → undo_list)
    ask → ask_again → answer → tell_more → (confirm_proof | decline_proof), or call / pass_on

Each is keyword-only, told who (`by`, None for the worker) and when (`now`), and safe to call twice:
the second call finds the state changed and either does nothing or raises StateChanged.
"""

from bookings.core.transitions import StateChanged
from bookings.journey.again import NightsBegun, NoBedLeft, held_stay
from bookings.journey.alerts import tell_alert, tell_me
from bookings.journey.alternatives import alternatives, instead
from bookings.journey.appeal import AppealedBefore, appeal
from bookings.journey.apply import (
    BedIsHeld,
    NotComplete,
    NothingAdded,
    StillMissing,
    fixed_of,
    keep_person,
    resubmit,
    submit,
    withdraw,
)
from bookings.journey.bureau import (
    DayToCome,
    SameList,
    confirm_list,
    discard_list,
    read_list,
    receive_list,
    stopped_lists,
    undo_list,
    write_list,
)
from bookings.journey.calls import (
    CalledMeanwhile,
    NoTime,
    TooFar,
    call,
    confirm_proof,
    decline_proof,
    pass_on,
)
from bookings.journey.clock import StayEvent, give_up, lapse
from bookings.journey.closing import (
    Effect,
    GuestsHere,
    Otherwise,
    WouldLose,
    close_beds,
    effect_of,
    end_closure,
)
from bookings.journey.coming import NotThatLate, come_later, later_hours, remind
from bookings.journey.conflicts import NoSuchBed, NotThatWay, settle
from bookings.journey.correct import OnDocument, ToldAlready, correct_person, may_correct
from bookings.journey.desk import leave, scan
from bookings.journey.follow_up import (
    answer,
    answer_leaving,
    ask,
    ask_again,
    end_without_consent,
    tell_more,
)
from bookings.journey.forget import (
    StillNeeded,
    forget_due,
    forget_person,
    give_consent,
    withdraw_consent,
)
from bookings.journey.friend import NoSuchFriend, OwnCode, find_friend
from bookings.journey.incidents import (
    ManagersOnly,
    NoLastDay,
    NotAGuest,
    NothingImposed,
    OwnSanction,
    answer_complaint,
    complain,
    record_incident,
)
from bookings.journey.lost_pass import replace_pass
from bookings.journey.no_show import NothingFree, undo_no_show
from bookings.journey.offers import (
    OfferOver,
    decline_offer,
    is_behind,
    let_pass,
    offer,
    serve,
    take_offer,
)
from bookings.journey.outlook import (
    free_nights,
    latest_arrival,
    nights_left,
    papers_needed,
    preview,
    slips,
    story,
)
from bookings.journey.override import (
    CannotOverride,
    SecondPerson,
    confirm_override,
    decline_override,
    may_override,
    propose_override,
)
from bookings.journey.papers import MAY_COME, see_papers
from bookings.journey.portrait import (
    LOOKED_AT,
    in_words,
    label,
    portrait,
    take_portrait,
    take_portrait_pdf,
)
from bookings.journey.relocate import move_stay, undo_move
from bookings.journey.review import (
    CannotApprove,
    InHouse,
    OverrideWaits,
    approve,
    ask_for_more,
    check_papers,
    note_look,
    refuse,
    revoke,
)
from bookings.journey.services import book_slot, cancel_booking, end_slot
from bookings.journey.stretch import (
    BeyondAllowance,
    CannotStay,
    ClauseFails,
    NoNightLeft,
    StayOver,
    extend,
    room_to_change,
    shorten,
)
from bookings.journey.tidying import tidy_station
from bookings.journey.undo_leave import (
    BedTaken,
    DepartureReported,
    NightsElsewhere,
    NotToday,
    undo_leave,
)
from bookings.journey.waiting import WaitWish, displace, end_wait, join, wait_on
from bookings.journey.walk_in import NameDiffers, NotEligible, walk_in, walk_in_alternatives
from bookings.people.looks import NoReason

__all__ = [
    "LOOKED_AT",
    "AppealedBefore",
    "BedIsHeld",
    "BedTaken",
    "BeyondAllowance",
    "CalledMeanwhile",
    "CannotApprove",
    "CannotOverride",
    "DayToCome",
    "DepartureReported",
    "Effect",
    "GuestsHere",
    "CannotStay",
    "ClauseFails",
    "InHouse",
    "MAY_COME",
    "ManagersOnly",
    "NameDiffers",
    "NightsBegun",
    "NightsElsewhere",
    "NoBedLeft",
    "NoLastDay",
    "NoNightLeft",
    "NoReason",
    "NoSuchBed",
    "NoTime",
    "NoSuchFriend",
    "NotAGuest",
    "NotComplete",
    "NotEligible",
    "NotThatLate",
    "NotThatWay",
    "NotToday",
    "NothingAdded",
    "NothingImposed",
    "OfferOver",
    "NothingFree",
    "OnDocument",
    "Otherwise",
    "OverrideWaits",
    "OwnCode",
    "OwnSanction",
    "SameList",
    "SecondPerson",
    "StateChanged",
    "StayEvent",
    "StayOver",
    "StillMissing",
    "TooFar",
    "WaitWish",
    "WouldLose",
    "StillNeeded",
    "ToldAlready",
    "alternatives",
    "in_words",
    "instead",
    "answer",
    "answer_complaint",
    "answer_leaving",
    "appeal",
    "approve",
    "ask",
    "ask_again",
    "ask_for_more",
    "book_slot",
    "cancel_booking",
    "call",
    "check_papers",
    "close_beds",
    "complain",
    "decline_offer",
    "discard_list",
    "displace",
    "effect_of",
    "end_closure",
    "end_slot",
    "end_wait",
    "end_without_consent",
    "come_later",
    "confirm_list",
    "confirm_override",
    "confirm_proof",
    "correct_person",
    "decline_override",
    "decline_proof",
    "extend",
    "find_friend",
    "fixed_of",
    "forget_due",
    "forget_person",
    "free_nights",
    "give_consent",
    "give_up",
    "held_stay",
    "is_behind",
    "join",
    "keep_person",
    "label",
    "lapse",
    "later_hours",
    "latest_arrival",
    "leave",
    "let_pass",
    "may_correct",
    "may_override",
    "move_stay",
    "nights_left",
    "note_look",
    "offer",
    "papers_needed",
    "pass_on",
    "portrait",
    "preview",
    "propose_override",
    "record_incident",
    "read_list",
    "receive_list",
    "refuse",
    "remind",
    "replace_pass",
    "resubmit",
    "revoke",
    "room_to_change",
    "scan",
    "see_papers",
    "serve",
    "settle",
    "slips",
    "story",
    "stopped_lists",
    "submit",
    "take_offer",
    "take_portrait",
    "take_portrait_pdf",
    "tell_alert",
    "tell_me",
    "tell_more",
    "wait_on",
    "walk_in",
    "walk_in_alternatives",
    "shorten",
    "tidy_station",
    "undo_leave",
    "undo_list",
    "undo_move",
    "undo_no_show",
    "withdraw",
    "withdraw_consent",
    "write_list",
]
