"""Which of our guests' questions a row of the bureau answers, and with what.

Of a row that is nobody's who stayed with us nothing but its count is kept; of a guest who does not
consent the row is not even read further.
"""

import datetime as dt
import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from stdnum.cn import uscc

from bookings.core.clock import local_date
from bookings.core.crypto import keyed_hash
from bookings.people.former import FormerDocument
from bookings.people.models import Graduate
from bookings.places.models import District
from bookings.retention.bureau import words
from bookings.retention.bureau.read import Row
from bookings.retention.bureau.words import Unreadable
from bookings.retention.models import FollowUp, Outcome

Kind = Outcome.Kind
LONGEST = 80  # characters of an employer's name
Said = tuple[str, str, str]  # kind, social credit code, employer


@dataclass(frozen=True)
class Question:
    """A follow-up, the local day that it asks about, and what lists that stand have said before."""

    pk: int
    day: dt.date
    open: bool
    said: frozenset[Said] = frozenset()


@dataclass(frozen=True)
class Insured:
    """A row that has been read: whose work it tells of, from its first to its last day."""

    row: int
    kind: str
    employer: str
    employer_code: str
    since: dt.date
    until: dt.date

    @property
    def says(self) -> Said:
        return self.kind, self.employer_code, self.employer

    @property
    def rank(self) -> tuple[dt.date, bool, int]:
        """Of several for one day the one that began last holds, of equal ones that of the district."""
        return self.since, self.kind == Kind.EMPLOYED_HERE, -self.row


@dataclass
class Found:
    """What some rows came to."""

    counts: Counter[str] = field(default_factory=Counter)
    slips: list[tuple[int, str]] = field(default_factory=list)
    matches: dict[int, Insured] = field(default_factory=dict)  # by question


def bureau_key(district: District) -> bytes:
    """The key with which a bureau may hash numbers, so that none leaves its house. It is made from
    LOOKUP_KEY and does not lead back to it, nor to the hashes in our own tables."""
    return bytes.fromhex(keyed_hash(district.code, "bureau list key"))


def bureau_digest(number: str, key: bytes) -> str:
    """HMAC-SHA-256 of a compact number, as a list gives it."""
    return hmac.new(key, number.encode(), hashlib.sha256).hexdigest()


class Matcher:
    """Finds guests of a district and weighs what rows say of them, some rows at a time."""

    def __init__(self, district: District, *, as_of: dt.date, has_place: bool) -> None:
        self.district, self.as_of, self.has_place = district, as_of, has_place

    def match(self, rows: Iterable[Row]) -> Found:
        """Four queries, however many rows."""
        found = Found()
        keys: dict[Row, str] = {}
        for row in rows:
            try:
                keys[row] = self._key(row)
            except Unreadable as slip:
                _note(found, row, slip)
        guests = self._guests(set(keys.values()))
        questions = questions_of(guests.values())
        for row, key in keys.items():
            guest = guests.get(key)
            try:
                word = self._weigh(row, questions[guest], found) if guest else "unmatched"
            except Unreadable as slip:
                _note(found, row, slip)
            else:
                found.counts[word] += 1
        return found

    def _key(self, row: Row) -> str:
        """The hash under which a guest of this document would be found."""
        if row.number.strip() or not row.digest.strip():
            return keyed_hash(words.number(row.number), "document")
        digest = row.digest.strip().lower()
        if not words.DIGEST.fullmatch(digest):
            raise Unreadable("digest")
        return self._by_digest.get(digest, digest)

    @cached_property
    def _by_digest(self) -> dict[str, str]:
        """Our guests' hashes by the bureau's. Of former documents no number is kept to be hashed anew."""
        key = bureau_key(self.district)
        people = Graduate.objects.filter(district=self.district, forgotten_at=None)
        pairs = people.values_list("doc_number", "doc_hash").iterator(2000)
        return {bureau_digest(number, key): doc_hash for number, doc_hash in pairs}

    def _guests(self, keys: set[str]) -> dict[str, int]:
        """Who has these documents, or had them before."""
        people = Graduate.objects.filter(district=self.district, forgotten_at=None)
        former = FormerDocument.objects.filter(district=self.district, doc_hash__in=keys)
        former = former.filter(graduate__forgotten_at=None)
        return {
            **dict(former.values_list("doc_hash", "graduate")),
            **dict(people.filter(doc_hash__in=keys).values_list("doc_hash", "pk")),
        }

    def _weigh(self, row: Row, questions: list[Question], found: Found) -> str:
        """The word under which a guest's row counts; what it answers goes into `found`."""
        if questions and not any(question.open for question in questions):
            return "declined"
        insured = self._read(row)
        asked = [one for one in questions if insured.since <= one.day <= insured.until]
        consented = [one for one in asked if one.open]
        if not consented:
            return "declined" if asked else "outside"
        for question in consented:
            better = (found.matches.get(question.pk), insured)
            found.matches[question.pk] = max(filter(None, better), key=lambda one: one.rank)
        return "known" if all(insured.says in one.said for one in consented) else "matched"

    def _read(self, row: Row) -> Insured:
        """Errors: Unreadable."""
        employer = " ".join(row.employer.split())[:LONGEST]
        code = uscc.compact(row.employer_code.strip())
        if not employer:
            raise Unreadable("employer")
        if code and not uscc.is_valid(code):
            raise Unreadable("employer_code")
        since, until = words.first_day(row.since), words.last_day(row.until)
        if until and until < since:
            raise Unreadable("order")
        until = min(until or self.as_of, self.as_of)
        return Insured(row.line, self._kind(row), employer, code, since, until)

    def _kind(self, row: Row) -> str:
        """A list that says nothing of places is of the district's own insured."""
        if not self.has_place:
            return Kind.EMPLOYED_HERE
        if row.place.strip() in (self.district.name_zh, self.district.name_en):
            return Kind.EMPLOYED_HERE
        code = words.place(row.place, self.district.code)
        if code in self.district.codes:
            return Kind.EMPLOYED_HERE
        same_city = code[:4] == self.district.code[:4]
        return Kind.EMPLOYED_CITY if same_city else Kind.EMPLOYED_ELSEWHERE


def questions_of(guests: Iterable[int]) -> dict[int, list[Question]]:
    """The follow-ups of guests who have left, by guest."""
    rows = list(
        FollowUp.objects.scheduled()
        .filter(stay__graduate__in=list(guests), stay__left_at__isnull=False)
        .order_by("pk")
        .values_list(
            *["pk", "stay__graduate", "horizon", "stay__left_at", "status"],
            "stay__application__follow_up_consent",
        )
    )
    said = said_before(row[0] for row in rows)
    questions: dict[int, list[Question]] = defaultdict(list)
    for pk, guest, horizon, left_at, status, consent in rows:
        day = local_date(left_at) + dt.timedelta(days=horizon)
        may = bool(consent) and status != FollowUp.Status.DECLINED
        questions[guest].append(Question(pk, day, may, frozenset(said[pk])))
    return questions


def said_before(questions: Iterable[int]) -> dict[int, set[Said]]:
    """What lists that stand have said, by question."""
    told: dict[int, set[Said]] = defaultdict(set)
    listed = Outcome.objects.standing().filter(
        follow_up__in=list(questions), bureau_list__isnull=False
    )
    for pk, kind, code, employer in listed.values_list(
        "follow_up", "kind", "employer_code", "employer"
    ):
        told[pk].add((kind or "", code or "", employer or ""))
    return told


def _note(found: Found, row: Row, slip: Unreadable) -> None:
    found.counts["unreadable"] += 1
    found.slips.append((row.line, slip.reason))
