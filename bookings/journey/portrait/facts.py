"""All that is kept about somebody, for themselves: what they said, what was decided, who looked."""

import json
import re
from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models import QuerySet

from bookings.applications.models import Application
from bookings.beds.models import Stay
from bookings.beds.waitlist.models import Alert, Wait
from bookings.core.limits import network
from bookings.desk.conflicts.models import Conflict
from bookings.desk.incidents.models import Incident
from bookings.desk.models import Redemption
from bookings.desk.register.models import Registration
from bookings.desk.services.models import Booking
from bookings.journey.portrait.afterwards import looks, questions, told
from bookings.messages.models import Contact, Message
from bookings.people.models import Graduate, User
from bookings.people.sessions import device
from bookings.people.wechat.bind import bound_at
from bookings.places import regions

LINK = re.compile(r"https?://[!-~]+")  # Chinese may follow without a blank


def portrait(*, user: User) -> dict[str, Any]:
    """As plain values, ready for JSON; a fixed number of queries."""
    person = Graduate.objects.filter(user=user).first()
    applications = list(
        Application.objects.filter(user=user)
        .select_related("station", "friend", "channel")
        .prefetch_related("decisions", "evidence", "appeals", "papers_seen", "papers_to_see")
        .order_by("pk")
    )
    return {
        "account": {
            "phone": user.phone,
            "joined_at": told(user.joined_at),
            "wechat_bound_at": told(bound_at(user)),
        },
        "told_by": _told_by(Contact.objects.filter(user=user).first()),
        "sessions": [_session(one) for one in UserSession.objects.filter(user=user)],
        "person": _person(person) if person else None,
        "applications": [_application(one) for one in applications],
        "stays": [_stay(one) for one in _stays(applications)],
        "services": _services(applications),
        "waits": [_wait(one) for one in Wait.objects.filter(application__in=applications)],
        "alerts": [_alert(one) for one in Alert.objects.filter(user=user)],
        "settled_at_the_desk": [_settled(one) for one in _conflicts(person)] if person else [],
        "incidents": [_incident(one) for one in _incidents(applications)],
        "questions": questions(person) if person else [],
        "messages": [_message(one) for one in Message.objects.filter(user=user).order_by("pk")],
        "looks": looks(person, applications),
    }


def _told_by(contact: Contact | None) -> dict[str, Any]:
    if contact is None:
        return {"way": "sms"}
    return {
        "way": contact.channel,
        "email": contact.email,
        "email_confirmed_at": told(contact.email_confirmed_at),
        "wechat_openid": contact.openid,
    }


def _session(one: UserSession) -> dict[str, Any]:
    return {
        "device": device(one.user_agent),
        "network": network(one.ip),
        "since": told(one.created_at),
    }


def _message(one: Message) -> dict[str, Any]:
    """Without what opens something (a sign-in code, a link): whoever reads this file need not be who got
    the message."""
    return {
        "kind": one.kind,
        "at": told(one.created_at),
        "way": one.channel,
        "to": one.to,
        "status": one.status,
        "text": None if one.kind == "code" else LINK.sub("…", one.text),
    }


def _person(person: Graduate) -> dict[str, Any]:
    return {
        "name": person.name,
        "doc_type": person.doc_type,
        "doc_number": person.doc_number,
        "doc_until": person.doc_until.isoformat() if person.doc_until else None,
        "former_document": person.former_documents.exists(),
        "sex": person.sex,
        "birth_date": person.birth_date.isoformat(),
        "hukou_code": person.hukou_code,
        "hukou": regions.name(person.hukou_code),
        "address": person.address,
        "nationality": person.nationality,
        "guardian_name": person.guardian_name,
        "guardian_phone": person.guardian_phone,
        "degree": person.degree,
        "university": person.university,
        "graduation_date": person.graduation_date.isoformat(),
        "degree_proof": person.degree_proof,
        "chsi_code": person.chsi_code,
        "chsi_until": person.chsi_until.isoformat() if person.chsi_until else None,
        "certificate_number": person.certificate_number,
        "has_home": person.has_home,
        "nights_taken": person.nights_taken,
    }


def _application(application: Application) -> dict[str, Any]:
    return {
        "reference": application.reference,
        "status": application.status,
        "station": application.station.name if application.station else None,
        "channel": application.channel.name if application.channel else None,
        "purpose": application.purpose,
        "arrival": application.arrival.isoformat() if application.arrival else None,
        "nights": application.nights,
        "needed_on": application.needed_on.isoformat() if application.needed_on else None,
        "needs": application.needs,
        "friend_code": application.friend_code,
        "wishes_room_of": application.friend.friend_code if application.friend else None,
        "submitted_at": told(application.submitted_at),
        "follow_up_consent": application.follow_up_consent,
        "papers": [
            {"kind": paper.kind, "bytes": paper.size, "uploaded_at": told(paper.uploaded_at)}
            for paper in application.evidence.all()
        ],
        "papers_seen_at_the_desk": [
            {"kind": paper.kind, "at": told(paper.at)} for paper in application.papers_seen.all()
        ],
        "papers_to_be_seen_at_the_desk": [
            {"kind": paper.kind, "at": told(paper.at)} for paper in application.papers_to_see.all()
        ],
        "decisions": [
            {"outcome": one.outcome, "at": told(one.at), "findings": one.findings}
            for one in application.decisions.all()
        ],
        "typed": json.loads(application.answers or "{}"),
        "appeals": [
            {"reason": one.reason, "at": told(one.at)} for one in application.appeals.all()
        ],
    }


def _stays(applications: list[Application]) -> QuerySet[Stay]:
    stays = Stay.objects.filter(application__in=applications).select_related("registration")
    return stays.prefetch_related("key_loans", "bed_nights__bed__room")


def _stay(stay: Stay) -> dict[str, Any]:
    registration = getattr(stay, "registration", None)
    nights = sorted(stay.bed_nights.all(), key=lambda one: one.night)
    return {
        "status": stay.status,
        "arrival": stay.arrival.isoformat(),
        "departure": stay.departure.isoformat(),
        "arrived_at": told(stay.arrived_at),
        "left_at": told(stay.left_at),
        "beds": list(dict.fromkeys(str(one.bed) for one in nights)),
        "registered": _registration(registration) if registration else None,
        "keys": [
            {"label": key.label, "given": told(key.given_at), "returned": told(key.returned_at)}
            for key in stay.key_loans.all()
        ],
    }


def _registration(registration: Registration) -> dict[str, Any]:
    """What the police were told of a stay, and what they answered."""
    return {
        "state": registration.state,
        "sent_at": told(registration.sent_at),
        "confirmed_at": told(registration.confirmed_at),
        "reference": registration.reference,
        "refusal": registration.refusal,
        "departure_sent_at": told(registration.departure_sent_at),
    }


def _services(applications: list[Application]) -> dict[str, Any]:
    """What was used, and what was booked, by the stays of the applications."""
    stays = Stay.objects.filter(application__in=applications)
    used = Redemption.objects.filter(stay__in=stays).select_related("service")
    booked = Booking.objects.filter(stay__in=stays).select_related("slot__service")
    return {
        "used": [
            {"service": one.service.name, "day": one.day.isoformat()}
            for one in used.order_by("day", "pk")
        ],
        "booked": [
            {
                "service": one.slot.service.name,
                "title": one.slot.title,
                "starts_at": told(one.slot.starts_at),
                "booked_at": told(one.booked_at),
                "cancelled_at": told(one.cancelled_at),
            }
            for one in booked.order_by("slot__starts_at", "pk")
        ],
    }


def _wait(wait: Wait) -> dict[str, Any]:
    return {
        "status": wait.status,
        "first_arrival": wait.first_arrival.isoformat(),
        "last_arrival": wait.last_arrival.isoformat(),
        "nights": wait.nights,
        "take_it": wait.take_it,
        "queued_at": told(wait.queued_at),
    }


def _alert(alert: Alert) -> dict[str, Any]:
    return {
        "first_arrival": alert.first_arrival.isoformat(),
        "last_arrival": alert.last_arrival.isoformat(),
        "nights": alert.nights,
        "made_at": told(alert.made_at),
        "told_at": told(alert.told_at),
    }


def _conflicts(person: Graduate) -> QuerySet[Conflict]:
    return Conflict.objects.filter(scan__stay__graduate=person).exclude(way="").order_by("pk")


def _settled(conflict: Conflict) -> dict[str, Any]:
    at = told(conflict.settled_at)
    return {"at": at, "way": conflict.way, "note": conflict.note}


def _incidents(applications: list[Application]) -> QuerySet[Incident]:
    """Mere notes too: they are written down about somebody."""
    theirs = Incident.objects.filter(stay__application__in=applications)
    return theirs.select_related("complaint").order_by("at", "pk")


def _incident(incident: Incident) -> dict[str, Any]:
    said = getattr(incident, "complaint", None)
    return {
        "kind": incident.kind,
        "at": told(incident.at),
        "what": incident.what,
        "sanction": incident.sanction,
        "expires_on": incident.expires_on.isoformat() if incident.expires_on else None,
        "proposed": incident.proposed,
        "appeal": {
            "reason": said.reason,
            "at": told(said.at),
            "answer": said.answer,
            "reply": said.reply,
        }
        if said
        else None,
    }
