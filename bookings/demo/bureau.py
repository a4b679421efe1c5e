"""Two sample lists of the human-resources bureau: one confirmed, one that waits for a manager."""

import csv
import datetime as dt
import io
from random import Random

from bookings import journey, tasks
from bookings.beds.models import Stay
from bookings.core.clock import local_date
from bookings.demo import people
from bookings.people.models import User
from bookings.places.models import District
from bookings.places.regions import far_from
from bookings.retention.bureau.models import BureauList

DAY = dt.timedelta(days=1)
HEADINGS = ["证件号码", "单位名称", "统一社会信用代码", "参保起始日期", "参保截止日期", "参保地"]
EMPLOYERS = ["示例科技有限公司", "样例食品厂", "演示物流有限公司", "测试医院"]
GUESTS, STRANGERS = 60, 40
STRANGER = 90_000_000  # numbers that no sample guest has


def bureau_lists(district: District, manager: User, *, now: dt.datetime, seed: int) -> None:
    """Nothing where no sample guest has left yet."""
    left = Stay.objects.filter(station__district=district, left_at__lt=now - 31 * DAY)
    stays = list(left.select_related("graduate").order_by("-left_at")[: 2 * GUESTS])
    dice = Random(seed)
    if not stays:
        return
    for name, some in (("参保名单（上半批）", stays[::2]), ("参保名单（下半批）", stays[1::2])):
        received = _received(district, manager, f"{name}.csv", some, dice, now)
        tasks.read_bureau_list(received.pk)
    first = BureauList.objects.filter(district=district).earliest("pk")
    journey.confirm_list(bureau_list=first, by=manager, now=now)
    tasks.write_bureau_list(first.pk)


def _received(
    district: District, by: User, name: str, stays: list[Stay], dice: Random, now: dt.datetime
) -> BureauList:
    rows = [_row(stay, district, dice) for stay in stays]
    for index in range(STRANGERS):
        number = people.resident_number(STRANGER + index, dice.choice(["women", "men"]))
        rows.append([number, dice.choice(EMPLOYERS), "", "2026-01", "", district.code])
    rows += [
        ["1.19999E+17", EMPLOYERS[0], "", "2026-01", "", district.code],
        ["", EMPLOYERS[1], "", "2026-01", "", district.code],
    ]
    file = io.StringIO()
    csv.writer(file).writerows([HEADINGS, *rows])
    content = file.getvalue().encode("gb18030")
    return journey.receive_list(
        district=district,
        file=io.BytesIO(content),
        name=name,
        size=len(content),
        as_of=local_date(now),
        by=by,
        now=now,
    )


def _row(stay: Stay, district: District, dice: Random) -> list[str]:
    """Most found work where they had stayed, some weeks after leaving."""
    assert stay.left_at
    since = local_date(stay.left_at) + dice.randrange(5, 40) * DAY
    city = f"{district.code[:4]}00"
    place = dice.choice([district.code] * 6 + [city, far_from(district.code)])
    number = stay.graduate.doc_number
    return [number, dice.choice(EMPLOYERS), "", since.isoformat(), "", place]
