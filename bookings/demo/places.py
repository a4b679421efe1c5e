"""Rencheng District with its policy, two sample stations, and staff to sign in as."""

import datetime as dt

from bookings.demo.services import catalogue
from bookings.people.models import Membership, Role, User
from bookings.people.staff.models import Invitation
from bookings.places.load import load_district
from bookings.places.models import Bed, District, Room, Station

PASSWORD = "demo-youth-station"  # local mode only
STAFF = [
    ("manager@example.test", "测试经理", Role.MANAGER),
    ("reviewer@example.test", "测试审核员", Role.REVIEWER),
    ("clerk@example.test", "测试前台", Role.CLERK),
    ("observer@example.test", "测试观察员", Role.OBSERVER),
]
RULES_ZH = "入住请出示身份证件原件\n23:00 后请保持安静\n室内禁止吸烟\n访客请在前台登记\n请勿使用大功率电器\n退房请交还钥匙"
RULES_EN = (
    "Show your identity document on arrival\nQuiet after 23:00\nNo smoking indoors\n"
    "Visitors register at the desk\nNo high-power appliances\nReturn the key when you leave"
)


def rencheng() -> District:
    """The district (370811; 市中区, 370802, was merged into it in 2013) and its first policy."""
    return load_district("370811")


def stations(district: District) -> list[Station]:
    return [
        station(district, "sample-east", "示例东站", "Sample East Station", "示例路1号", 4),
        station(district, "sample-west", "示例西站", "Sample West Station", "样本街2号", 2),
    ]


def more_stations(district: District, *, beds: int, first: int = 3) -> None:
    """As many more sample stations, of 100 beds each, as so many beds need."""
    have = Bed.objects.filter(room__station__district=district).count()
    for number in range(first, first + max(0, -(-(beds - have) // 100))):
        slug, zh, en = f"sample-{number}", f"示例{number}站", f"Sample Station {number}"
        station(district, slug, zh, en, f"示例路{number}号", 25)


def blocks(district: District, number: int, *, beds: int) -> list[Bed]:
    """So many times as many stations as so many beds need, alike. The beds of the first block."""
    each = -(-beds // 100)
    for one in range(number):
        have = Bed.objects.filter(room__station__district=district).count()
        more_stations(district, beds=have + each * 100, first=3 + one * each)
    names = [f"sample-{n}" for n in range(3, 3 + each)]
    there = Bed.objects.filter(room__station__slug__in=names)
    return list(there.select_related("room__station").order_by("pk"))


def station(
    district: District, slug: str, name_zh: str, name_en: str, address: str, rooms: int
) -> Station:
    made, new = Station.objects.get_or_create(
        slug=slug,
        defaults={
            "district": district,
            "name_zh": name_zh,
            "name_en": name_en,
            "address_zh": f"{district.name_zh}{address}",
            "address_en": f"{name_en}, {district.name_en.removesuffix(' District')}",
            "phone": "0537-0000001",
            "rules_zh": RULES_ZH,
            "rules_en": RULES_EN,
        },
    )
    if new:
        for number in range(rooms):
            sex = ("women", "men", "flexible", "flexible")[number % 4]
            room = Room.objects.create(station=made, name=f"{101 + number}", sex=sex)
            for bed in range(4):
                kind = Bed.Kind.LOWER if bed % 2 == 0 else Bed.Kind.UPPER
                Bed.objects.create(room=room, name=str(bed + 1), kind=kind)
        catalogue(made)
    return made


def invited(district: District, manager: User, *, now: dt.datetime) -> None:
    """Somebody invited a while ago whose link has run out, and somebody invited today."""
    for email, name, days in [
        ("late@example.test", "测试迟到", 9),
        ("new@example.test", "测试新人", 0),
    ]:
        if not Invitation.objects.filter(email=email).exists():
            Invitation.objects.create(
                district=district,
                email=email,
                name=name,
                role=Role.REVIEWER,
                by=manager,
                sent_at=now - dt.timedelta(days=days),
            )


def staff(
    district: District,
    people: list[tuple[str, str, Role]] = STAFF,
    *,
    desk: Station | None = None,
) -> list[User]:
    """Those of `people` who are not there yet, with the sample password; clerks work at `desk`."""
    made = []
    for email, name, role in people:
        if not User.objects.filter(email=email).exists():
            user = User.objects.create_user(email, PASSWORD, name=name)
            member = Membership.objects.create(user=user, district=district, role=role)
            if role == Role.CLERK and desk:
                member.stations.add(desk)
            made.append(user)
    return made
