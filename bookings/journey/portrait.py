"""All that is kept about somebody, for themselves: what they said, what was decided, who looked."""

import datetime as dt
import json
from typing import Any

from bookings.applications.models import Application
from bookings.beds.models import Stay
from bookings.beds.waitlist.models import Alert, Wait
from bookings.core.audit import AuditEntry
from bookings.people.models import Graduate, Membership, User
from bookings.places import regions
from bookings.retention.models import FollowUp


def portrait(*, user: User) -> dict[str, Any]:
    """As plain values, ready for JSON; a fixed number of queries."""
    person = Graduate.objects.filter(user=user).first()
    applications = list(
        Application.objects.filter(user=user)
        .select_related("station", "friend", "channel")
        .prefetch_related("decisions", "evidence", "appeals")
        .order_by("pk")
    )
    return {
        "account": {"phone": user.phone, "joined_at": _told(user.joined_at)},
        "person": _person(person) if person else None,
        "applications": [_application(one) for one in applications],
        "stays": [_stay(one) for one in Stay.objects.filter(application__in=applications)],
        "waits": [_wait(one) for one in Wait.objects.filter(application__in=applications)],
        "alerts": [_alert(one) for one in Alert.objects.filter(user=user)],
        "questions": _questions(person) if person else [],
        "looks": _looks(person, applications),
    }


def _told(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _person(person: Graduate) -> dict[str, Any]:
    return {
        "name": person.name,
        "doc_type": person.doc_type,
        "doc_number": person.doc_number,
        "doc_until": person.doc_until.isoformat() if person.doc_until else None,
        "sex": person.sex,
        "birth_date": person.birth_date.isoformat(),
        "hukou_code": person.hukou_code,
        "hukou": regions.name(person.hukou_code),
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
        "station": application.station.name_zh if application.station else None,
        "channel": application.channel.name if application.channel else None,
        "purpose": application.purpose,
        "arrival": application.arrival.isoformat() if application.arrival else None,
        "nights": application.nights,
        "needed_on": application.needed_on.isoformat() if application.needed_on else None,
        "needs": application.needs,
        "friend_code": application.friend_code,
        "wishes_room_of": application.friend.friend_code if application.friend else None,
        "submitted_at": _told(application.submitted_at),
        "follow_up_consent": application.follow_up_consent,
        "papers": [
            {"kind": paper.kind, "bytes": paper.size, "uploaded_at": _told(paper.uploaded_at)}
            for paper in application.evidence.all()
        ],
        "decisions": [
            {"outcome": one.outcome, "at": _told(one.at), "findings": one.findings}
            for one in application.decisions.all()
        ],
        "typed": json.loads(application.answers or "{}"),
        "appeals": [
            {"reason": one.reason, "at": _told(one.at)} for one in application.appeals.all()
        ],
    }


def _stay(stay: Stay) -> dict[str, Any]:
    return {
        "status": stay.status,
        "arrival": stay.arrival.isoformat(),
        "departure": stay.departure.isoformat(),
        "arrived_at": _told(stay.arrived_at),
        "left_at": _told(stay.left_at),
    }


def _wait(wait: Wait) -> dict[str, Any]:
    return {
        "status": wait.status,
        "first_arrival": wait.first_arrival.isoformat(),
        "last_arrival": wait.last_arrival.isoformat(),
        "nights": wait.nights,
        "take_it": wait.take_it,
        "queued_at": _told(wait.queued_at),
    }


def _alert(alert: Alert) -> dict[str, Any]:
    return {
        "first_arrival": alert.first_arrival.isoformat(),
        "last_arrival": alert.last_arrival.isoformat(),
        "nights": alert.nights,
        "made_at": _told(alert.made_at),
        "told_at": _told(alert.told_at),
    }


def _questions(person: Graduate) -> list[dict[str, Any]]:
    asked = FollowUp.objects.filter(stay__graduate=person).prefetch_related("outcomes")
    return [
        {
            "horizon_days": question.horizon,
            "due_on": question.due_on.isoformat(),
            "status": question.status,
            "outcomes": [
                {
                    "kind": one.kind,
                    "employer": one.employer,
                    "source": one.source,
                    "at": _told(one.at),
                }
                for one in question.outcomes.all()
            ],
        }
        for question in asked.order_by("due_on")
    ]


def _looks(person: Graduate | None, applications: list[Application]) -> list[dict[str, Any]]:
    """Which of the staff looked at papers, numbers or applications, by role, the newest first."""
    subjects = [f"graduate:{person.pk}"] if person else []
    for application in applications:
        subjects.append(f"application:{application.pk}")
        subjects += [f"evidence:{paper.pk}" for paper in application.evidence.all()]
    entries = list(
        AuditEntry.objects.filter(subject__in=subjects, action__startswith="look").order_by("-at")
    )
    roles = dict(
        Membership.objects.filter(user__in={entry.by_id for entry in entries}).values_list(
            "user", "role"
        )
    )
    return [
        {
            "at": _told(entry.at),
            "what": entry.action.removeprefix("look at "),
            "role": roles.get(entry.by_id or 0, ""),
        }
        for entry in entries
    ]
