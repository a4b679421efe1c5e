"""Sample stays with all that belongs to them, in bulk: judged by the rules, whole by the invariants."""

import datetime as dt
from collections.abc import Iterator
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from bookings.applications.evidence import add_evidence
from bookings.applications.models import COMMITMENT_VERSION, Application, Purpose
from bookings.applications.working_days import add_working_days
from bookings.beds.models import Stay
from bookings.core import audit
from bookings.core.bulk import in_chunks
from bookings.core.clock import at_local, local_date
from bookings.core.crypto import keyed_hash
from bookings.core.short_code import short_code
from bookings.demo import people
from bookings.demo.follow_ups import write_follow_ups
from bookings.demo.front_desk import registration
from bookings.demo.guest import Guest
from bookings.demo.nights import write_nights
from bookings.demo.papers import sample_paper
from bookings.demo.partners import WEIGHTS
from bookings.demo.season import Episode, season
from bookings.desk.models import Scan
from bookings.desk.register.models import Registration
from bookings.eligibility.decide import draft_decision, gather
from bookings.eligibility.models import Decision
from bookings.passes.models import Pass
from bookings.people.models import Graduate, User
from bookings.places.models import Bed, Channel, District, Policy

CHUNK = 2000
PICTURES = 40  # open applications that get a sample picture to review
DAY = dt.timedelta(days=1)


def papers_of(application: Application) -> list[str]:
    """The kinds of papers that a sample application brings."""
    by_code = application.graduate and application.graduate.chsi_code
    contract = ["contract"] if application.purpose == Purpose.NEW_JOB else []
    return contract if by_code else ["degree", *contract]


class Season:
    """Everything that the sample guests of one district share."""

    def __init__(
        self,
        district: District,
        reviewer: User,
        partners: list[Channel],
        *,
        now: dt.datetime,
        seed: int,
    ) -> None:
        self.district, self.reviewer, self.now = district, reviewer, now
        self.partners = [*partners, None]
        self.chance = Random(f"partners {seed}")  # another's turns leave the guests as they are
        self.today = local_date(now)
        self.policy = Policy.objects.in_force(district, self.today)
        self.dice = Random(seed)
        self.pictures = PICTURES
        self.missing: set[int] = set()

    def seed(self, beds: list[Bed], *, stays: int, first: int | None = None) -> None:
        """Write so many stays, and some refused applications beside them. The guests are the sample
        people from number `first` on, else from the first one that is not there yet."""
        episodes = season(beds, stays=stays, today=self.today, dice=self.dice)
        index = User.objects.filter(phone__isnull=False).count() if first is None else first
        for chunk in in_chunks(self._with_refused(episodes), CHUNK):
            with transaction.atomic():
                self._write(chunk, index)
            index += len(chunk)

    def _with_refused(self, episodes: Iterator[Episode]) -> Iterator[tuple[Episode, str]]:
        for episode in episodes:
            yield episode, self._fate(episode)
            if self.dice.random() < 0.1 and episode.arrival < self.today:
                yield episode, "refused"

    def _fate(self, episode: Episode) -> str:
        if episode.departure < self.today:
            return self.dice.choices(
                ["left", "no_show", "cancelled", "lapsed"], weights=[84, 6, 7, 3]
            )[0]
        if self._is_missing(episode):
            return "no_show"
        if episode.arrival < self.today:
            return "arrived"
        if episode.arrival == self.today:
            return "promised"
        return self.dice.choice(["promised", "promised", "requested"])

    def _is_missing(self, episode: Episode) -> bool:
        """One at each station did not come until yesterday evening: the desk may still undo it."""
        station = episode.bed.room.station_id
        lately = self.today - 3 * DAY <= episode.arrival < self.today < episode.departure
        if not lately or station in self.missing:
            return False
        self.missing.add(station)
        return True

    # --- one chunk -------------------------------------------------------------------------------

    def _write(self, chunk: list[tuple[Episode, str]], index: int) -> None:
        users = [people.account(index + i) for i in range(len(chunk))]
        User.objects.bulk_create(users)
        persons = [
            people.graduate(
                index + i,
                sex=episode.sex,
                district=self.district,
                user=users[i],
                before=episode.arrival,
                dice=self.dice,
            )
            for i, (episode, _) in enumerate(chunk)
        ]
        guests = [
            self._guest(episode, fate, person)
            for (episode, fate), person in zip(chunk, persons, strict=True)
        ]
        Graduate.objects.bulk_create(persons)
        Application.objects.bulk_create([guest.application for guest in guests])
        Decision.objects.bulk_create([d for guest in guests for d in guest.decisions])
        staying = [guest for guest in guests if guest.fate != "refused"]
        for guest in staying:
            guest.stay = self._stay(guest)
        Stay.objects.bulk_create([guest.stay for guest in staying if guest.stay])
        write_nights(staying)
        self._write_passes(staying)
        self._write_register(staying)
        write_follow_ups(
            [guest for guest in staying if guest.fate == "left"],
            horizons=self.policy.follow_up_days,
            caller=self.reviewer,
            now=self.now,
            dice=self.dice,
        )
        self._draw_papers([guest for guest in staying if guest.fate == "requested"])

    def _guest(self, episode: Episode, fate: str, person: Graduate) -> Guest:
        if fate == "refused":
            self._spoil(person, episode)
        sent = self._sent_at(episode)
        application = Application(
            district=self.district,
            user=person.user,
            graduate=person,
            station=episode.bed.room.station,
            channel=self.chance.choices(self.partners, weights=WEIGHTS)[0],
            status=self._status(fate),
            purpose=self.dice.choice([Purpose.JOB_SEEKING, Purpose.JOB_SEEKING, Purpose.NEW_JOB]),
            arrival=episode.arrival,
            nights=episode.nights,
            commitment_version=COMMITMENT_VERSION,
            signature=person.name,
            follow_up_consent=self.dice.random() < 0.9,
            created_at=sent,
            submitted_at=sent,
            friend_code=short_code(),
            review_due=add_working_days(local_date(sent), self.policy.review_days),
        )
        guest = Guest(episode, fate, application, self._decisions(application, fate, sent))
        if fate in ("left", "arrived"):
            early = self.dice.random() < 0.3 and fate == "left" and episode.nights > 1
            used = self.dice.randrange(1, episode.nights) if early else episode.nights
            guest.left_on = episode.arrival + used * DAY
        if fate not in ("refused", "cancelled", "lapsed", "no_show"):
            person.nights_taken = len(guest.nights)
        person.nights_allowed = self.policy.nights
        return guest

    def _spoil(self, person: Graduate, episode: Episode) -> None:
        match self.dice.randrange(3):
            case 0:
                person.hukou_code = self.district.code
            case 1:
                person.has_home = True
            case _:
                person.graduation_date = episode.arrival - dt.timedelta(days=1300)

    def _status(self, fate: str) -> str:
        return {
            "refused": Application.Status.REFUSED,
            "requested": Application.Status.IN_REVIEW,
            "cancelled": Application.Status.WITHDRAWN,
            "lapsed": Application.Status.LAPSED,
        }.get(fate, Application.Status.APPROVED)

    def _sent_at(self, episode: Episode) -> dt.datetime:
        day = episode.arrival - self.dice.randrange(1, 10) * DAY
        clock = dt.time(self.dice.randrange(8, 22), self.dice.randrange(60))
        latest = self.now - dt.timedelta(minutes=self.dice.randrange(30, 3000))
        return min(at_local(day, clock), latest)

    def _decisions(self, application: Application, fate: str, sent: dt.datetime) -> list[Decision]:
        kinds = frozenset(papers_of(application))
        facts = gather(application, today=local_date(sent), evidence=kinds, taken=(0, 0))
        first = draft_decision(
            application, number=1, facts=facts, policy=self.policy, by=None, now=sent
        )
        gave_up = fate == "cancelled" and self.chance.random() < 0.5  # after the promise
        if fate in ("refused", "requested", "cancelled", "lapsed") and not gave_up:
            return [first]
        later = min(sent + dt.timedelta(hours=self.dice.randrange(2, 30)), self.now)
        second = draft_decision(
            application, number=2, facts=facts, policy=self.policy, by=self.reviewer, now=later
        )
        return [first, second]

    def _stay(self, guest: Guest) -> Stay:
        episode, left = guest.episode, guest.fate == "left"
        evening = self.policy.arrival_cutoff
        cutoff = at_local(episode.arrival, evening)
        if guest.fate == "no_show" and episode.departure > self.today:
            cutoff = at_local(self.today - DAY, evening)
        came = guest.left_on is not None
        return Stay(
            application=guest.application,
            graduate=guest.person,
            station=episode.bed.room.station,
            status=guest.fate,
            arrival=episode.arrival,
            departure=episode.departure,
            hold_until=cutoff if guest.fate == "requested" else None,
            cutoff_at=cutoff,
            arrived_at=at_local(episode.arrival, dt.time(15, 30)) if came else None,
            left_at=at_local(guest.left_on, dt.time(10)) if left and guest.left_on else None,
            given_back=guest.given_back if left else None,
        )

    def _write_passes(self, staying: list[Guest]) -> None:
        approved = [g for g in staying if g.decisions[-1].by]
        passes = [
            Pass(stay=guest.stay, short_code=short_code(), issued_at=guest.decisions[-1].at)
            for guest in approved
        ]
        Pass.objects.bulk_create(passes)
        scans = []
        for guest, shown in zip(approved, passes, strict=True):
            assert guest.stay is not None
            for action, at in (("arrive", guest.stay.arrived_at), ("leave", guest.stay.left_at)):
                if at is not None:
                    scans.append(self._scan(guest.stay, shown, action, at))
        Scan.objects.bulk_create(scans)
        for guest in approved:
            if guest.fate == "cancelled":
                self._give_back(guest)

    def _give_back(self, guest: Guest) -> None:
        """When the promised nights were given back is in the log: some days before, or too late."""
        early = guest.decisions[-1].at + dt.timedelta(hours=2)
        late = at_local(guest.episode.arrival, dt.time(13))
        application = guest.application
        at = min(late if self.chance.random() < 0.4 else early, self.now)
        district = self.district.pk
        audit.record("withdraw", application, by=application.user, now=at, district_id=district)

    def _scan(self, stay: Stay, shown: Pass, action: str, at: dt.datetime) -> Scan:
        return Scan(
            station=stay.station,
            device="demo desk",
            nonce=f"{action}-{stay.pk}",
            action=action,
            code_hash=keyed_hash(shown.short_code, "scan"),
            shown_pass=shown,
            stay=stay,
            result="ok",
            reason="fine",
            at=at,
            received_at=at,
        )

    def _write_register(self, staying: list[Guest]) -> None:
        clerk = User.objects.get(email="clerk@example.test")
        Registration.objects.bulk_create(
            registration(guest.stay, room=guest.episode.bed.room.name, by=clerk, now=self.now)
            for guest in staying
            if guest.stay and guest.left_on
        )

    def _draw_papers(self, waiting: list[Guest]) -> None:
        for guest in waiting[: self.pictures]:
            for kind in papers_of(guest.application):
                picture = SimpleUploadedFile(f"{kind}.png", sample_paper(kind))
                add_evidence(
                    application=guest.application,
                    kind=kind,
                    upload=picture,
                    now=guest.decisions[0].at,
                )
        self.pictures -= min(len(waiting), self.pictures)
