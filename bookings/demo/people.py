"""Fictional people: names that nobody bears, numbers that nobody has, with true check digits.

The region in front of the identity numbers (119999 …) and the mobile prefix 154 were never given
out, so that no sample can be taken for a real person's data.
"""

import datetime as dt
from random import Random
from typing import Any

from stdnum.cn import ric

from bookings.core.crypto import keyed_hash
from bookings.people.models import Degree, DegreeProof, DocumentType, Graduate, User
from bookings.places.models import District
from bookings.places.regions import counties

FAMILY = ["测试", "样例", "示例", "演示"]
GIVEN = list("甲乙丙丁戊己庚辛壬癸子寅卯辰巳午未申酉戌亥")
UNIVERSITIES = ["示例大学", "样例理工大学", "测试师范大学", "演示科技学院", "样例职业学院"]
DEGREES = [Degree.JUNIOR_COLLEGE, *[Degree.BACHELOR] * 4, *[Degree.MASTER] * 2, Degree.DOCTOR]
FIRST_BIRTHDAY = dt.date(1998, 1, 1)
BIRTHDAYS, ORDERS, STRIDE = 2001, 499, 7919  # a stride prime to both: neighbours differ


def resident_number(index: int, sex: str) -> str:
    """The `index`-th fictional identity number of a sex; no two are equal."""
    region, place = divmod(index, BIRTHDAYS * ORDERS)
    day, order = divmod(place * STRIDE % (BIRTHDAYS * ORDERS), ORDERS)
    born = FIRST_BIRTHDAY + dt.timedelta(days=day)
    body = f"{region + 1}19999{born:%Y%m%d}{order * 2 + (sex == 'men'):03d}"
    return body + ric.calc_check_digit(body + "0")


def birth_date(number: str) -> dt.date:
    born: dt.date = ric.get_birth_date(number)
    return born


def account(index: int) -> User:
    """An account with a fictional mobile number, not stored yet."""
    phone = f"+86154{index:08d}"
    return User(
        phone=phone, phone_hash=keyed_hash(phone, "phone"), phone_verified=True, password="!"
    )


def graduate(
    index: int, *, sex: str, district: District, user: User, before: dt.date, dice: Random
) -> Graduate:
    """A person who graduated within two and a half years before a day, not stored yet."""
    number = resident_number(index, sex)
    return Graduate(
        district=district,
        user=user,
        name=dice.choice(FAMILY) + dice.choice(GIVEN),
        doc_type=DocumentType.RESIDENT_ID,
        doc_number=number,
        doc_hash=keyed_hash(number, "document"),
        doc_until=before + dt.timedelta(days=dice.randrange(300, 3000)),
        sex=sex,
        birth_date=birth_date(number),
        hukou_code=_elsewhere(district, dice),
        degree=dice.choice(DEGREES),
        **_proof(index, before),
        university=dice.choice(UNIVERSITIES),
        graduation_date=before - dt.timedelta(days=dice.randrange(30, 900)),
        has_home=False,
    )


def _proof(index: int, before: dt.date) -> dict[str, Any]:
    """Every third by a CHSI code that opens nothing, the others by a paper."""
    if index % 3:
        return {"degree_proof": DegreeProof.DIPLOMA}
    until = before + dt.timedelta(days=30)
    return {
        "degree_proof": DegreeProof.CHSI,
        "chsi_code": f"SAMPLE{index:010d}",
        "chsi_until": until,
    }


def _elsewhere(district: District, dice: Random) -> str:
    while (code := dice.choice(counties()).code) in district.codes:
        pass
    return code
