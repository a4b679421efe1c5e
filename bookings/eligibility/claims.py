"""What an applicant claims, clause by clause, each beside the papers that prove it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.applications.models import Application, Evidence
from bookings.eligibility.wording import Told
from bookings.people.models import LONG_TERM, DocumentType, Graduate
from bookings.places import regions

Kind = Evidence.Kind
PROVES: dict[str, str] = {
    Kind.DEGREE: "degree",
    Kind.INTERVIEW_NOTICE: "for_work",
    Kind.JOB_FAIR: "for_work",
    Kind.CONTRACT: "for_work",
    Kind.BUSINESS_LICENCE: "for_work",
}


@dataclass(frozen=True)
class Claim:
    """A clause's finding in words, what was stated, and the papers that belong to it."""

    told: Told
    stated: str
    papers: list[Evidence]
    hint: str = ""


def claims(
    application: Application, told: Iterable[Told], papers: Iterable[Evidence]
) -> tuple[list[Claim], list[Evidence]]:
    """The claims in the order of what is told; then the papers that belong to no single clause."""
    person = application.graduate
    assert person is not None
    papers = list(papers)
    stated = {**_of_person(person), **_of_wish(application)}
    beside = [
        Claim(
            told=one,
            stated=stated.get(one.clause, ""),
            papers=[paper for paper in papers if PROVES.get(paper.kind) == one.clause],
            hint=_first_registered(person) if one.clause == "non_local" else "",
        )
        for one in told
    ]
    return beside, [paper for paper in papers if paper.kind not in PROVES]


def bare(application: Application, findings: Iterable[dict[str, str]]) -> list[str]:
    """The unproven clauses beside which nothing stands: no paper, no code to look up, no look at the
    desk."""
    assert application.graduate is not None
    kinds = [*application.evidence.values_list("kind", flat=True)]
    kinds += application.papers_seen.values_list("kind", flat=True)
    shown = {PROVES.get(kind) for kind in kinds}
    if application.graduate.chsi_code:
        shown.add("degree")
    unproven = [one["clause"] for one in findings if one["outcome"] == "unproven"]
    return [clause for clause in unproven if clause in PROVES.values() and clause not in shown]


def _of_person(person: Graduate) -> dict[str, str]:
    born = date_format(person.birth_date, "DATE_FORMAT")
    document = [person.get_doc_type_display(), person.masked_number, person.get_sex_display(), born]
    return {
        "identity": " · ".join(map(str, document)),
        "valid_document": _until(person),
        "of_age": born,
        "non_local": regions.name(person.hukou_code) or "—",
        "recent_graduate": date_format(person.graduation_date, "DATE_FORMAT"),
        "degree": f"{person.get_degree_display()} · {person.university}",
        "no_home": _("Has a fixed home here") if person.has_home else _("Has no fixed home here"),
    }


def _until(person: Graduate) -> str:
    if person.doc_until in (None, LONG_TERM):
        return _("for good") if person.doc_until else "—"
    return date_format(person.doc_until, "DATE_FORMAT")


def _first_registered(person: Graduate) -> str:
    """Where an identity number was given, if elsewhere than the stated home. People move: it may lead
    to a question, never to a refusal."""
    code = person.doc_number[:6]
    place = regions.name(code)
    if person.doc_type != DocumentType.RESIDENT_ID or not place or code == person.hukou_code:
        return ""
    hint = _("The number was given in %(place)s. People move: it is a hint, no reason to refuse.")
    return hint % {"place": place}


def _of_wish(application: Application) -> dict[str, str]:
    nights = application.nights or 0
    arrival = date_format(application.arrival, "DATE_FORMAT") if application.arrival else "—"
    station = application.station.name if application.station else "—"
    purpose = [application.get_purpose_display()]
    if application.needed_on:
        purpose.append(date_format(application.needed_on, "DATE_FORMAT"))
    return {
        "for_work": " · ".join(purpose),
        "allowance": ngettext("%(n)s night", "%(n)s nights", nights) % {"n": nights},
        "booking_window": " · ".join([arrival, station, *application.need_labels]),
    }
