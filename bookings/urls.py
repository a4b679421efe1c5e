"""The addresses, in step order."""

from django.urls import path

from bookings import health
from bookings.api import urls as api
from bookings.applications import channel_views as come_by
from bookings.applications import views as applications
from bookings.applications.sending import views as sending
from bookings.applications.steps import views as steps
from bookings.applications.stretch import views as stretch
from bookings.beds.closures import views as closures
from bookings.beds.waitlist import views as waitlist
from bookings.beds.wallchart import views as board
from bookings.desk import device_views as desk_devices
from bookings.desk import views as desk
from bookings.desk.stays import views as desk_stays
from bookings.eligibility import views as eligibility
from bookings.eligibility.lists import views as lists
from bookings.eligibility.policies import views as policies
from bookings.passes import views as passes
from bookings.people import views as people
from bookings.places import views as places
from bookings.retention import views as retention
from bookings.statistics import channel_views as channels
from bookings.statistics import views as statistics

urlpatterns = [
    path("", applications.home, name="home"),
    path("after-login/", applications.after_login, name="after_login"),
    path("staff/", people.staff_home, name="staff_home"),
    # 1 apply
    path("from/<str:code>/", come_by.come_from, name="come_from"),
    path("me/", applications.my_stay, name="my_stay"),
    path("me/data/", people.my_data, name="my_data"),
    path("me/data.json", people.my_data_json, name="my_data_json"),
    path("me/data/consent/", people.withdraw_consent, name="withdraw_consent"),
    path("me/data/forget/", people.forget_me, name="forget_me"),
    path("regions/", places.regions, name="regions"),
    path("apply/", steps.begin, name="apply"),
    path("apply/person/", steps.person, name="apply_person"),
    path("apply/degree/", steps.degree, name="apply_degree"),
    path("apply/home/", steps.home, name="apply_home"),
    path("apply/purpose/", steps.purpose, name="apply_purpose"),
    path("apply/stay/", steps.wish, name="apply_wish"),
    path("apply/papers/", steps.evidence, name="apply_evidence"),
    path("apply/papers/<int:pk>/remove/", steps.remove_evidence, name="remove_evidence"),
    path("apply/check/", sending.check, name="apply_check"),
    path("applications/<int:pk>/", applications.application, name="application"),
    path("applications/<int:pk>/resubmit/", applications.resubmit, name="resubmit"),
    path("applications/<int:pk>/withdraw/", applications.withdraw, name="withdraw"),
    path("applications/<int:pk>/extend/", stretch.extend, name="extend"),
    path("applications/<int:pk>/shorten/", stretch.shorten, name="shorten"),
    path("applications/<int:pk>/appeal/", applications.appeal, name="appeal"),
    path("papers/<int:pk>/", applications.evidence_file, name="evidence_file"),
    # 2 decide
    path("check/", eligibility.precheck, name="precheck"),
    path("check/<slug:code>/", eligibility.precheck, name="precheck_of"),
    path("review/", eligibility.queue, name="review_queue"),
    path("review/<int:pk>/", eligibility.review, name="review"),
    path("policies/", policies.versions, name="policies"),
    path("policies/<int:pk>/", policies.version, name="policy"),
    path("policies/trials/<int:pk>/", policies.trial, name="policy_trial"),
    path("lists/", lists.lists, name="lists"),
    path("lists/template.xlsx", lists.list_template, name="list_template"),
    # 3 allocate
    path("applications/<int:pk>/offer/take/", waitlist.take, name="take_offer"),
    path("applications/<int:pk>/offer/decline/", waitlist.decline, name="decline_offer"),
    path("applications/<int:pk>/wait-on/", waitlist.wait_on, name="wait_on"),
    path("alerts/", waitlist.tell_me, name="tell_me"),
    path("alerts/<int:pk>/forget/", waitlist.forget_alert, name="forget_alert"),
    path("board/", board.choose, name="boards"),
    path("board/<slug:slug>/", board.board, name="board"),
    path("board/<slug:slug>/move/", board.move, name="board_move"),
    path("board/<slug:slug>/undo/<uuid:batch>/", board.undo, name="board_undo"),
    path("board/<slug:slug>/stays/<int:pk>/", board.stay, name="board_stay"),
    path("board/<slug:slug>/closures/", closures.closures, name="closures"),
    path("board/<slug:slug>/closures/<int:pk>/end/", closures.end, name="end_closure"),
    path("waitlist/", waitlist.waitlist, name="waitlist"),
    # 4 pass
    path("applications/<int:pk>/pass/", passes.show, name="pass"),
    path("applications/<int:pk>/pass.png", passes.png, name="pass_png"),
    path("applications/<int:pk>/pass.pdf", passes.pdf, name="pass_pdf"),
    path("applications/<int:pk>/pass.ics", passes.ics, name="pass_ics"),
    # 5 desk
    path("desk/", desk.choose, name="desk"),
    path("desk/<slug:slug>/", desk.day, name="desk_day"),
    path("desk/<slug:slug>/scan/", desk.scan, name="desk_scan"),
    path("desk/<slug:slug>/act/", desk.act, name="desk_act"),
    path("desk/<slug:slug>/stays/<int:pk>/", desk_stays.stay, name="desk_stay"),
    path("desk/<slug:slug>/devices/", desk_devices.devices, name="devices"),
    path("desk/<slug:slug>/devices/<int:pk>/revoke/", desk_devices.revoke, name="revoke_device"),
    path("desk/<slug:slug>/number/<int:pk>/", desk.show_number, name="desk_number"),
    # 6 follow up
    path("answer/<str:token>/", retention.answer, name="follow_up_answer"),
    path("follow-ups/", retention.due, name="follow_ups"),
    path("follow-ups/<int:pk>/", retention.record, name="follow_up"),
    # 7 count
    path("statistics/", statistics.dashboard, name="statistics"),
    path("statistics/retention/", statistics.retention, name="statistics_retention"),
    path("statistics/nights/", statistics.nights, name="statistics_nights"),
    path("statistics/decisions/", statistics.decisions, name="statistics_decisions"),
    path("statistics/rows/", statistics.rows, name="statistics_rows"),
    *[
        path(f"{address}.xlsx", statistics.workbook, {"subject": name}, name=f"{name}_xlsx")
        for address, name in (
            ("statistics", "statistics"),
            ("statistics/retention", "statistics_retention"),
            ("statistics/nights", "statistics_nights"),
            ("statistics/decisions", "statistics_decisions"),
        )
    ],
    path("channels/", channels.channels, name="channels"),
    path("channels/<int:pk>/poster.pdf", channels.poster_pdf, name="channel_pdf"),
    path("channels/<int:pk>/code.png", channels.poster_png, name="channel_png"),
    path("channels/<int:pk>/close/", channels.close, name="close_channel"),
    path("api/", api),
    # for whoever runs the site
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
