"""Sample services: a catalogue of six, slots of the days around today, and guests who use them.

Bookings and uses are made by the journey's own events, as of the days on which they happened.
"""

import datetime as dt

from bookings import journey
from bookings.beds.models import Stay
from bookings.core.clock import at_local, local_date
from bookings.core.errors import Refusal
from bookings.desk.models import Action, Service
from bookings.desk.scan import Sent
from bookings.desk.services.catalogue import Series, make_slots
from bookings.desk.services.models import Slot
from bookings.people.models import User
from bookings.places.models import Station

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
DAYS_BACK, DAYS_AHEAD = 2, 7
GUESTS = 16  # of a station who use its services, expected ones too
SEVEN = dt.time(7)
CATALOGUE = [
    {
        "code": "breakfast",
        "name_zh": "早餐",
        "name_en": "Breakfast",
        "description_zh": "一楼餐厅，凭入住码领取。",
        "description_en": "In the dining room on the ground floor, with your check-in code.",
        "opens": SEVEN,
        "closes": dt.time(9, 30),
    },
    {
        "code": "laundry",
        "name_zh": "洗衣",
        "name_en": "Laundry",
        "description_zh": "洗衣机、烘干机各一次，洗涤剂在前台领取。",
        "description_en": "One washer and one dryer; the desk has detergent.",
        "by_appointment": True,
    },
    {
        "code": "resume-printing",
        "name_zh": "简历打印",
        "name_en": "Résumé printing",
        "description_zh": "每次不超过10页，请自带文件。",
        "description_en": "Up to 10 pages each time; bring the file.",
        "uses_per_day": 2,
        "opens": dt.time(8),
        "closes": dt.time(22),
    },
    {
        "code": "suit-rental",
        "name_zh": "面试正装租借",
        "name_en": "Interview suit rental",
        "description_zh": "每次入住可借一套，次日归还。",
        "description_en": "One suit a stay, to be returned the next day.",
        "uses_per_stay": 1,
        "by_appointment": True,
    },
    {
        "code": "steward-call",
        "name_zh": "青春管家",
        "name_en": "Steward call",
        "description_zh": "管家与您通话，解答求职和生活问题。",
        "description_en": "A steward calls you about finding work and living here.",
        "by_appointment": True,
    },
    {
        "code": "career-talk",
        "name_zh": "就业讲座",
        "name_en": "Career talk",
        "description_zh": "讲座与招聘会，请提前报名。",
        "description_en": "Talks and job fairs; please sign up.",
        "by_appointment": True,
    },
]
# code: hour, places, title and place of its daily slot; the talk is every second day
SLOTS: dict[str, tuple[int, int, tuple[str, str, str]]] = {
    "laundry": (19, 2, ("", "", "")),
    "suit-rental": (16, 4, ("", "", "")),
    "steward-call": (15, 2, ("", "", "")),
    "career-talk": (20, 30, ("样例讲座：第一份工作", "Sample talk: the first job", "201")),
}


def catalogue(station: Station) -> None:
    Service.objects.bulk_create(
        Service(station=station, order=order, **one) for order, one in enumerate(CATALOGUE, 1)
    )


def services(station: Station, by: User, *, now: dt.datetime) -> None:
    """Slots from the day before yesterday on; some guests book, and most of them come."""
    first = local_date(now) - DAYS_BACK * DAY
    for service in station.services.filter(code__in=SLOTS):
        _slots(service, first, by)
    soon = Stay.objects.filter(station=station, arrival__lte=local_date(now) + 5 * DAY)
    stays = soon.filter(status__in=[Stay.Status.ARRIVED, Stay.Status.PROMISED])
    stays = stays.select_related("application__user", "station").order_by("-departure", "pk")
    for number, stay in enumerate(stays[:GUESTS]):
        _breakfasts(stay, by, now)
        _books(stay, number, by, now)


def _slots(service: Service, first: dt.date, by: User) -> None:
    hour, capacity, (title_zh, title_en, place) = SLOTS[service.code]
    every = 2 if title_zh else 1
    series = Series(
        first_day=first,
        times=(DAYS_BACK + DAYS_AHEAD) // every,
        every=every,
        starts=dt.time(hour),
        ends=dt.time(hour + 1),
        capacity=capacity,
        title_zh=title_zh,
        title_en=title_en,
        place=place,
    )
    make_slots(service=service, series=series, by=by, now=at_local(first, dt.time.min))


def _breakfasts(stay: Stay, by: User, now: dt.datetime) -> None:
    for back in range(DAYS_BACK + 1):
        _use(stay, "breakfast", at_local(local_date(now) - back * DAY, dt.time(8)), by, now)


def _books(stay: Stay, number: int, by: User, now: dt.datetime) -> None:
    """A place a day, of one service after the other; every third guest forgets to come."""
    for slot in Slot.objects.filter(service__station=stay.station_id).order_by("starts_at", "pk"):
        if (slot.pk + number) % 4 or slot.starts_at <= (stay.arrived_at or now):
            continue
        try:
            journey.book_slot(
                stay=stay,
                slot=slot,
                by=stay.application.user,
                now=min(slot.starts_at - HOUR, now),
            )
        except Refusal:
            continue
        if number % 3:
            _use(stay, slot.service.code, slot.starts_at, by, now)


def _use(stay: Stay, code: str, at: dt.datetime, by: User, now: dt.datetime) -> None:
    """Show the guest's code, where that moment has been."""
    shown = stay.passes.filter(revoked_at=None).first()
    if shown is None or stay.arrived_at is None or not stay.arrived_at < at <= now:
        return
    sent = Sent(
        station=stay.station,
        device="demo desk",
        nonce=f"{code}-{stay.pk}-{at:%Y%m%d}",
        code=shown.short_code,
        action=Action.REDEEM,
        at=at,
        service=code,
        by=by,
    )
    journey.scan(sent=sent, now=at)
