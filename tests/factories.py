"""Everything a test needs, made with one call; people are obviously fictional."""

import datetime as dt
import io
from itertools import count

from django.core.files.base import ContentFile
from reportlab.pdfgen.canvas import Canvas
from stdnum.cn import ric

from bookings.applications.models import Application, Evidence
from bookings.core.crypto import keyed_hash
from bookings.people.models import Graduate, User
from bookings.places.models import Bed, Channel, District, Policy, Room, Station
from bookings.retention.models import Outcome, Proof
from bookings.statistics.reports.models import Report, ReportFile

NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)  # noon in Shanghai
TODAY = dt.date(2026, 11, 23)
DISTRICTS = [1, 2, 5, 6, 7, 8, 9, *range(11, 20)]  # of Beijing
_numbers = count(1)


def pdf(pages=1):
    """A PDF with words on its pages."""
    file = io.BytesIO()
    canvas = Canvas(file)
    for number in range(pages):
        canvas.drawString(72, 720, f"page {number + 1}")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def resident_number(*, sex="women", born=dt.date(2002, 5, 1), region=None):
    """A number that nobody has had yet; some thousands are to be had of one day and sex."""
    number = next(_numbers)
    region = region or f"1101{DISTRICTS[number // 499 % len(DISTRICTS)]:02d}"
    order = number * 2 % 998 + (1 if sex == "men" else 0)
    body = f"{region}{born:%Y%m%d}{order:03d}"
    return body + ric.calc_check_digit(body + "0")


def make_district(code="370811"):
    district = District.objects.create(
        code=code,
        name_zh="任城区",
        name_en="Rencheng District",
        merged_codes=["370802"],
        issuer_zh="示例委员会",
        issuer_en="Sample committee",
        hotline="0537-0000000",
    )
    Policy.objects.create(
        district=district,
        version=1,
        valid_from=dt.date(2024, 1, 1),
        minimum_degree="junior_college",
        evidence={"job_seeking": [], "interview": ["interview_notice"]},
        follow_up_days=[30, 90],
    )
    return district


def make_station(district, slug="sample", beds=1, sex="flexible"):
    station = Station.objects.create(
        district=district,
        slug=slug,
        name_zh="示例驿站",
        name_en="Sample Station",
        address_zh="示例路1号",
        address_en="1 Sample Road",
        phone="0537-0000001",
        rules_zh="安静",
        rules_en="Quiet",
    )
    room = Room.objects.create(station=station, name="101", sex=sex)
    for number in range(beds):
        Bed.objects.create(room=room, name=str(number + 1))
    return station


def make_channel(district, code="TEST0001", name="示例大学"):
    return Channel.objects.create(district=district, code=code, name=name, opened_at=NOW)


def make_person(district, *, sex="women", hukou="110101"):
    number = resident_number(sex=sex)
    phone = f"+8613900{next(_numbers):06d}"
    user = User.objects.sign_up(phone)
    return Graduate.objects.create(
        district=district,
        user=user,
        name="测试甲",
        doc_type="resident_id",
        doc_number=number,
        doc_hash=keyed_hash(number, "document"),
        doc_until=dt.date(2036, 5, 1),
        sex=sex,
        birth_date=dt.date(2002, 5, 1),
        hukou_code=hukou,
        degree="bachelor",
        university="示例大学",
        graduation_date=dt.date(2025, 7, 1),
        degree_proof="diploma",
        has_home=False,
    )


def make_draft(person, station, *, arrival=TODAY, nights=3, evidence=("degree",)):
    draft = Application.objects.create(
        district=person.district,
        user=person.user,
        graduate=person,
        station=station,
        arrival=arrival,
        nights=nights,
        purpose="job_seeking",
    )
    for kind in evidence:
        draft.evidence.create(kind=kind, size=1, sha256=kind, uploaded_at=NOW)
    return draft


def make_paper(application, kind="degree"):
    """A paper as it is kept once drawn anew: for tests that only look at it."""
    paper = Evidence(
        application=application,
        kind=kind,
        content_type="application/pdf",
        size=1,
        sha256=f"{application.pk}{kind}",
        uploaded_at=NOW,
    )
    paper.file.save("paper.pdf", ContentFile(pdf()))
    return paper


def make_service(station, code="breakfast", **more):
    return station.services.create(code=code, name_zh="示例", name_en="Sample", **more)


def make_slot(service, *, starts_at=NOW + dt.timedelta(hours=1), capacity=2, **more):
    """An hour's slot."""
    ends_at = starts_at + dt.timedelta(hours=1)
    return service.slots.create(starts_at=starts_at, ends_at=ends_at, capacity=capacity, **more)


def make_proof(question, *, kind="employed_here"):
    """A guest's own answer, and a paper beside it that nobody has looked at."""
    said = Outcome.objects.create(
        follow_up=question, kind=kind, source="self", level="self_report", at=NOW
    )
    proof = Proof(outcome=said, content_type="application/pdf", size=1, uploaded_at=NOW)
    proof.file.save("proof.pdf", ContentFile(pdf()))
    return proof


FIGURES = {
    "words": ["示例"],
    "sections": [],
    "definitions": [],
    "district": "示例",
    "issuer": "示例",
}


def make_report(district, *, audience="outside", version=1, figures=FIGURES, **more):
    """A version as it is kept, of a month or for outside of a year, with one file that is not read."""
    is_outside = audience == "outside"
    report = Report.objects.create(
        district=district,
        kind="year" if is_outside else "month",
        period=dt.date(2025, 1, 1) if is_outside else dt.date(2026, 10, 1),
        audience=audience,
        version=version,
        state="ready",
        requested_at=NOW,
        moved_at=NOW,
        figures={"zh-hans": figures, "en": figures},
        digest=f"{version}",
        data_as_of=NOW,
        **more,
    )
    file = ReportFile(report=report, language="en", kind="pdf", size=1, sha256="0")
    file.file.save("report.pdf", ContentFile(pdf()))
    return report
