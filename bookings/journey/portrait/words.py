"""The portrait's keys and codes in words. A new key of the portrait needs a word here (a test finds it)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Application, Evidence, Need, Purpose
from bookings.beds.models import Stay
from bookings.beds.waitlist.models import Wait
from bookings.desk.conflicts.models import Way
from bookings.desk.incidents.models import Complaint, Incident
from bookings.desk.register.models import Registration
from bookings.eligibility.models import Decision
from bookings.messages.kinds import KINDS
from bookings.messages.models import Channel, Message
from bookings.people.looks import WHY
from bookings.people.models import Degree, DegreeProof, DocumentType, Role
from bookings.places.models import Sex
from bookings.retention.models import Attempt, FollowUp, Outcome

# what staff looked at, as the audit log says it
LOOKED_AT: Mapping[str, Any] = {
    "application": _("an application"),
    "evidence": _("a paper"),
    "document number": _("the document number"),
    "phone": _("the mobile number"),
    "guardian": _("your guardian's name and number"),
    "guest register": _("the guest register"),
    "person at the desk": _("who you are, at the desk"),
    "incident": _("an incident"),
    "pass": _("your check-in code, to print it"),
    # what the desk corrected
    "correction of name": _("your name: it was corrected"),
    "correction of doc_number": _("your document number: it was corrected"),
    "correction of name and doc_number": _("your name and document number: they were corrected"),
}
LABELS: Mapping[str, Any] = {
    # sections, in the order of the paper
    "account": _("Account"),
    "told_by": _("How we tell you"),
    "sessions": _("Where you are signed in"),
    "person": _("About you"),
    "applications": _("Applications"),
    "stays": _("Stays"),
    "services": _("Services"),
    "waits": _("Waitlist"),
    "alerts": _("Wishes to be told of a free bed"),
    "settled_at_the_desk": _("Settled at the desk"),
    "incidents": _("House rules"),
    "questions": _("Questions after a stay"),
    "messages": _("Messages to you"),
    "looks": _("Who looked at it or corrected it"),
    # account, sessions, how we tell you
    "phone": _("Mobile number"),
    "joined_at": _("Account since"),
    "wechat_bound_at": _("Signs in through WeChat since"),
    "way": _("How"),
    "email": _("E-mail address"),
    "email_confirmed_at": _("E-mail address confirmed"),
    "wechat_openid": _("WeChat identifier"),
    "device": _("Device"),
    "network": _("Network"),
    "since": _("Signed in at"),
    # the person
    "name": _("Name"),
    "doc_type": _("Identity document"),
    "doc_number": _("Document number"),
    "doc_until": _("Document valid until"),
    "former_document": _("A former document is known"),
    "long_term": _("Valid for good (长期)"),
    "sex": _("Sex"),
    "birth_date": _("Date of birth"),
    "hukou_code": _("Code of the registered home"),
    "hukou": _("Registered home"),
    "address": _("Address"),
    "nationality": _("Nationality"),
    "guardian_name": _("Guardian's name"),
    "guardian_phone": _("Guardian's mobile number"),
    "degree": _("Highest degree"),
    "university": _("University or school"),
    "graduation_date": _("Date of graduation"),
    "degree_proof": _("How the degree is proven"),
    "chsi_code": _("CHSI online verification code"),
    "chsi_until": _("The code is valid until"),
    "certificate_number": _("Number of the certification of your degree from abroad"),
    "has_home": _("Fixed home in the district"),
    "nights_taken": _("Nights used or promised"),
    # applications
    "reference": _("Reference"),
    "status": _("State"),
    "station": _("Station"),
    "channel": _("Partner"),
    "purpose": _("Why you come"),
    "arrival": _("Arrival"),
    "departure": _("Departure"),
    "nights": _("Nights"),
    "needed_on": _("Day of the interview or first working day"),
    "needs": _("What the bed must offer"),
    "friend_code": _("Your code for friends"),
    "wishes_room_of": _("Wishes the room of"),
    "submitted_at": _("Sent at"),
    "follow_up_consent": _("May be asked after the stay"),
    "papers": _("Papers"),
    "papers_seen_at_the_desk": _("Papers seen at the desk"),
    "papers_to_be_seen_at_the_desk": _("Papers to be seen at the desk"),
    "bytes": _("Bytes"),
    "uploaded_at": _("Uploaded at"),
    "decisions": _("Decisions"),
    "outcome": _("Outcome"),
    "findings": _("Clause by clause"),
    "typed": _("Typed so far"),
    "home": _("Registered and fixed home"),
    "appeals": _("Requests for another look"),
    # stays, services, waitlist
    "arrived_at": _("Arrived at"),
    "left_at": _("Left at"),
    "beds": _("Beds"),
    "registered": _("Registered with the police"),
    "state": _("State"),
    "registered.reference": _("Number given by the police"),
    "sent_at": _("Told to the police at"),
    "confirmed_at": _("Confirmed at"),
    "refusal": _("Why it was not taken"),
    "departure_sent_at": _("Departure sent at"),
    "keys": _("Keys borrowed"),
    "label": _("Key"),
    "given": _("Given at"),
    "returned": _("Returned at"),
    "used": _("Used services"),
    "booked": _("Booked services"),
    "service": _("Service"),
    "day": _("Day"),
    "title": _("Title"),
    "starts_at": _("Begins at"),
    "booked_at": _("Booked at"),
    "cancelled_at": _("Cancelled at"),
    "first_arrival": _("First day of arrival"),
    "last_arrival": _("Last day of arrival"),
    "take_it": _("An offer is taken at once"),
    "queued_at": _("Waiting since"),
    "made_at": _("Asked for at"),
    "told_at": _("Told at"),
    # messages
    "to": _("To"),
    "text": _("Text"),
    # house rules, questions, looks
    "kind": _("Kind"),
    "at": _("When"),
    "what": _("What"),
    "note": _("Note"),
    "sanction": _("Sanction"),
    "expires_on": _("Counts until"),
    "proposed": _("Proposed"),
    "appeal": _("Appeal"),
    "reason": _("Reason"),
    "answer": _("Answer"),
    "reply": _("Reply"),
    "horizon_days": _("Days after leaving"),
    "due_on": _("Due on"),
    "outcomes": _("Answers given"),
    "employer": _("Employer"),
    "employer_code": _("Social credit code"),
    "post": _("Post"),
    "industry": _("Industry"),
    "contract_start": _("Start of the contract"),
    "source": _("How we know"),
    "evidence": _("Evidence"),
    "paper_bytes": _("Paper, bytes"),
    "taken_back": _("Taken back, not counted"),
    "calls": _("Calls"),
    "result": _("Result"),
    "to_be_confirmed": _("To be confirmed"),
    "role": _("Role"),
    "words": _("In words"),
}
OF_A_PERSON: Mapping[str, Any] = {Sex.WOMEN: _("Female"), Sex.MEN: _("Male")}
# where a code stands (the list or the part, and its key) → what it means
CODES: Mapping[tuple[str, str], Mapping[Any, Any]] = {
    ("told_by", "way"): dict(Channel.choices),
    **{
        (part, key): dict(choices)
        for part in ("person", "degree")  # kept, or typed so far
        for key, choices in (
            ("doc_type", DocumentType.choices),
            ("sex", OF_A_PERSON.items()),
            ("degree", Degree.choices),
            ("degree_proof", DegreeProof.choices),
        )
    },
    ("applications", "status"): dict(Application.Status.choices),
    ("applications", "purpose"): dict(Purpose.choices),
    ("applications", "needs"): dict(Need.choices),
    **{
        (part, "kind"): dict(Evidence.Kind.choices)
        for part in ("papers", "papers_seen_at_the_desk", "papers_to_be_seen_at_the_desk")
    },
    ("decisions", "outcome"): dict(Decision.Outcome.choices),
    ("stays", "status"): dict(Stay.Status.choices),
    ("registered", "state"): dict(Registration.State.choices),
    ("waits", "status"): dict(Wait.Status.choices),
    ("settled_at_the_desk", "way"): dict(Way.choices),
    ("incidents", "kind"): dict(Incident.Kind.choices),
    ("incidents", "sanction"): dict(Incident.Sanction.choices),
    ("incidents", "proposed"): dict(Incident.Sanction.choices),
    ("appeal", "answer"): dict(Complaint.Answer.choices),
    ("questions", "status"): dict(FollowUp.Status.choices),
    **{
        (part, key): dict(choices)
        for part in ("outcomes", "to_be_confirmed")
        for key, choices in (
            ("kind", Outcome.Kind.choices),
            ("industry", Outcome.Industry.choices),
            ("source", Outcome.Source.choices),
            ("evidence", Outcome.Level.choices),
        )
    },
    ("calls", "result"): dict(Attempt.Result.choices),
    ("messages", "kind"): {name: kind.about for name, kind in KINDS.items()},
    ("messages", "way"): dict(Channel.choices),
    ("messages", "status"): dict(Message.Status.choices),
    ("looks", "what"): LOOKED_AT,
    ("looks", "role"): dict(Role.choices),
    ("looks", "reason"): WHY,
}
