"""What the worker does. Ids in, load, one call; each is safe to run twice, and is a `worker_task`."""

import logging
import time
from contextlib import suppress

from django.conf import settings
from django.db.models import Q

from bookings import journey
from bookings.beds.models import Stay
from bookings.beds.waitlist.models import Alert, Offer, Wait
from bookings.core import audit
from bookings.core.clock import local_date, now
from bookings.core.transitions import StateChanged
from bookings.core.worker_task import worker_task
from bookings.eligibility.models import Trial
from bookings.eligibility.policies.trial import run as run_trial
from bookings.messages import outbox
from bookings.messages.models import Message
from bookings.operations.backups import make_backup
from bookings.operations.chain import check_audit as walk_chain
from bookings.operations.drill import drill
from bookings.operations.models import Run
from bookings.operations.runs import LONGEST
from bookings.people.codes import forget_counts
from bookings.people.sessions import forget_ended
from bookings.people.sign_up import forget_unverified
from bookings.people.staff.invite import forget_invitations
from bookings.places.models import District, Station
from bookings.retention.bureau.models import BureauList
from bookings.retention.follow_up import REMIND_DAYS
from bookings.retention.models import FollowUp
from bookings.statistics.reports import build as reports
from bookings.statistics.reports import public
from bookings.statistics.reports import send as mailing
from bookings.statistics.reports.models import PublicNumbers, Report
from bookings.statistics.tallies.keep import LONGEST as LONGEST_COUNT
from bookings.statistics.tallies.keep import Busy, bring_all_up_to_date, bring_up_to_date

logger = logging.getLogger(__name__)
PATIENCE = 10  # seconds

# name → (function, cron): what `schedule_jobs` keeps in the database
JOBS = {
    "lapse holds": ("bookings.tasks.lapse_holds", "*/5 * * * *"),
    "remind who has not come": ("bookings.tasks.remind_guests", "*/5 * * * *"),
    "no-shows": ("bookings.tasks.give_up_no_shows", "*/5 * * * *"),
    "waitlist": ("bookings.tasks.run_waitlist", "*/5 * * * *"),
    "tidy the beds": ("bookings.tasks.tidy_beds", "40 13 * * *"),
    "ask follow-ups": ("bookings.tasks.ask_follow_ups", "5 10 * * *"),
    "seal the audit log": ("bookings.tasks.seal_audit", "* * * * *"),
    "forget what is over": ("bookings.tasks.forget", "45 3 * * *"),
    "deliver messages": ("bookings.tasks.deliver_messages", "* * * * *"),
    "bureau's lists": ("bookings.tasks.go_on_with_bureau_lists", "*/5 * * * *"),
    "count": ("bookings.tasks.count", "* * * * *"),
    "ask for reports": ("bookings.tasks.ask_for_reports", "20 6 * * *"),
    "reports": ("bookings.tasks.go_on_with_reports", "*/5 * * * *"),
    "public numbers": ("bookings.tasks.count_all_public_numbers", "10 2 * * *"),
    "forget unverified numbers": ("bookings.tasks.forget_unverified_numbers", "30 3 * * *"),
    "forget sessions, invitations": ("bookings.tasks.forget_sign_ins", "15 3 * * *"),
    "back up": ("bookings.tasks.back_up", settings.BACKUP_CRON),
    "restore drill": ("bookings.tasks.try_backup", settings.DRILL_CRON),
    "check the audit log": ("bookings.tasks.check_audit", "30 4 * * *"),
}
# what takes its time gets it: seconds, where the worker's own timeout is too short
TIMEOUTS = dict.fromkeys(
    ["back up", "restore drill", "check the audit log"], int(LONGEST.total_seconds())
) | {"count": int(LONGEST_COUNT.total_seconds())}


@worker_task
def try_policy(trial_id: int) -> None:
    trials = Trial.objects.select_related("policy__district", "against__district")
    trial = trials.filter(pk=trial_id).first()
    if trial:  # else its draft has been thrown away
        run_trial(trial, clock=now)


@worker_task
def deliver(message_id: int) -> None:
    message = Message.objects.filter(pk=message_id).first()
    if message:  # else its person has been forgotten
        outbox.deliver(message=message, now=now())


@worker_task
def lapse_holds() -> int:
    stays = Stay.objects.lapsing(now()).select_related("application", "station")
    return sum(_try(journey.lapse, stay) for stay in stays)


@worker_task
def remind_guests() -> int:
    stays = Stay.objects.to_remind(now()).select_related("application__user", "station")
    return sum(_try(journey.remind, stay) for stay in stays)


@worker_task
def give_up_no_shows() -> int:
    stays = Stay.objects.missing(now()).select_related("application", "station")
    return sum(_try(journey.give_up, stay) for stay in stays)


def _try(event: journey.StayEvent, stay: Stay) -> bool:
    """One stay at a time: what happens to one (it changed meanwhile) does not stop the others."""
    try:
        return event(stay=stay, now=now())
    except StateChanged:
        return False


@worker_task
def serve_waitlist(station_id: int) -> int:
    """Offer what was freed at a station; then tell those who only want to know."""
    station = Station.objects.get(pk=station_id)
    made = journey.serve(station=station, now=now())
    alerts = Alert.objects.filter(told_at=None, last_arrival__gte=local_date(now()))
    for alert in alerts.filter(stations=station).select_related("user"):
        journey.tell_alert(alert=alert, now=now())
    return made


@worker_task
def run_waitlist() -> int:
    """What time brings: offers let pass, days that are gone, and whatever a dead worker left undone."""
    for offer in Offer.objects.filter(status="open", expires_at__lte=now()).select_related(
        "station", "wait__application__stay"
    ):
        with suppress(StateChanged):  # taken at this moment
            journey.let_pass(offer=offer, now=now())
    for wait in Wait.objects.over(local_date(now())).select_related("application__stay"):
        with suppress(StateChanged):
            journey.end_wait(wait=wait, now=now())
    waited_for = Q(waits__status=Wait.Status.WAITING)
    wanted = Q(pk__in=Alert.objects.filter(told_at=None).values("stations"))
    stations = Station.objects.filter(waited_for | wanted).distinct().order_by("pk")
    return sum(_served(pk) for pk in stations.values_list("pk", flat=True))


def _served(station_id: int) -> int:
    """What is wrong at one station does not keep the others waiting."""
    try:
        return serve_waitlist(station_id)
    except Exception:
        logger.exception("the waitlist of station %s cannot be served", station_id)
        return 0


@worker_task
def tidy_beds() -> int:
    return sum(
        journey.tidy_station(station=station, now=now())
        for station in Station.objects.filter(is_open=True).order_by("pk")
    )


@worker_task
def ask_follow_ups() -> int:
    """Send the questions that are due; remind those who have been sent one. Of whom one may not ask any
    more, no question stays open."""
    questions = FollowUp.objects.askable().select_related("stay__application__user")
    for one in questions.unwilling():
        with suppress(StateChanged):  # forgotten at this moment
            journey.end_without_consent(follow_up=one, now=now())
    due = questions.filter(status="due", due_on__lte=local_date(now()))
    sent = questions.filter(status="asked", reminded__lt=len(REMIND_DAYS))
    return sum(journey.ask(follow_up=one, now=now()) for one in due) + sum(
        journey.ask_again(follow_up=one, now=now()) for one in sent
    )


@worker_task
def read_bureau_list(list_id: int) -> None:
    lists = BureauList.objects.select_related("district")
    journey.read_list(bureau_list=lists.get(pk=list_id), clock=now)


@worker_task
def write_bureau_list(list_id: int) -> None:
    journey.write_list(bureau_list=BureauList.objects.get(pk=list_id), clock=now)


@worker_task
def go_on_with_bureau_lists() -> int:
    """What a dead worker left half read or half written."""
    stopped = journey.stopped_lists(now=now())
    for one in stopped:
        journey.read_list(bureau_list=one, clock=now)
        journey.write_list(bureau_list=one, clock=now)
    return len(stopped)


@worker_task
def count() -> int:
    """The statistics' tallies: what was done since the last time, and a new day. How many months."""
    with suppress(Busy):
        return bring_all_up_to_date(clock=now)
    return 0


@worker_task
def ask_for_reports() -> int:
    return reports.request_due(now=now())


@worker_task
def build_report(report_id: int) -> None:
    """Nothing to do where it turned out that nothing had changed. Scheduled ones go to subscribers. It
    waits for who counts; where that takes long, go_on_with_reports takes it up."""
    report = Report.objects.select_related("district").filter(pk=report_id).first()
    if report is None or not _counted(report.district):
        return
    if (built := reports.build(report=report, clock=now)) and not report.requested_by_id:
        mailing.send(report=built, now=now())


def _counted(district: District) -> bool:
    """Whether the district's tallies are of now."""
    for _second in range(PATIENCE):
        try:
            bring_up_to_date(district=district, now=now())
            return True
        except Busy:
            time.sleep(1)
    return False


@worker_task
def go_on_with_reports() -> int:
    """What a dead worker left half built, or built and not sent."""
    waiting = list(reports.stopped(now=now()).values_list("pk", flat=True))
    for pk in waiting:
        build_report(pk)
    for report in mailing.unsent(now=now()):
        mailing.send(report=report, now=now())
    return len(waiting)


@worker_task
def count_public_numbers(district_id: int) -> None:
    row = PublicNumbers.objects.select_related("district").get(district=district_id)
    public.count(row=row, now=now())


@worker_task
def count_all_public_numbers() -> int:
    rows = PublicNumbers.objects.select_related("district")
    return sum(public.count(row=row, now=now()) for row in rows)


@worker_task
def deliver_messages() -> int:
    """What waited for the morning or for another try, and what a dead worker left."""
    return outbox.send_due()


@worker_task
def forget_unverified_numbers() -> int:
    return forget_unverified(now=now())


@worker_task
def forget_sign_ins() -> int:
    """Sessions, invitations, and how many codes went out on days gone by."""
    return forget_ended(now=now()) + forget_invitations(now=now()) + forget_counts(now=now())


@worker_task
def seal_audit() -> int:
    return audit.seal_rest()


@worker_task
def back_up() -> str:
    return _came_to(make_backup(clock=now))


@worker_task
def try_backup() -> str:
    return _came_to(drill(clock=now))


@worker_task
def check_audit() -> str:
    return _came_to(walk_chain(clock=now))


def _came_to(run: Run | None) -> str:
    return (run.reason or "ok") if run else "another process is at it"


@worker_task
def forget() -> int:
    return journey.forget_due(now=now()).total()
