"""The addresses, in step order."""

from django.urls import path

from bookings import health
from bookings.api import urls as api
from bookings.applications import channel_views as come_by
from bookings.applications import views as applications
from bookings.applications.correct import views as corrections
from bookings.applications.sending import views as sending
from bookings.applications.steps import views as steps
from bookings.applications.stretch import views as stretch
from bookings.beds.closures import views as closures
from bookings.beds.waitlist import views as waitlist
from bookings.beds.wallchart import views as board
from bookings.desk import device_views as desk_devices
from bookings.desk import views as desk
from bookings.desk.conflicts import views as conflicts
from bookings.desk.correct import views as desk_corrections
from bookings.desk.handover import views as handover
from bookings.desk.incidents import views as incidents
from bookings.desk.notices import views as notices
from bookings.desk.register import views as register
from bookings.desk.scanner import views as scanner
from bookings.desk.services import views as services
from bookings.desk.services.guests import views as guests
from bookings.desk.stays import views as desk_stays
from bookings.desk.walkin import views as walkin
from bookings.eligibility import views as eligibility
from bookings.eligibility.lists import views as lists
from bookings.eligibility.policies import views as policies
from bookings.operations import views as operations
from bookings.operations.trail import views as trail
from bookings.passes import views as passes
from bookings.people import is_it_you
from bookings.people import session_views as sessions
from bookings.people import views as people
from bookings.people.messages import views as messages
from bookings.people.staff import views as staff
from bookings.places import views as places
from bookings.retention import views as retention
from bookings.retention.bureau import views as bureau
from bookings.retention.calls import views as calls
from bookings.statistics import channel_views as channels
from bookings.statistics import views as statistics
from bookings.statistics.deletions import views as deletions
from bookings.statistics.reports import link_views as report_links
from bookings.statistics.reports import public_views as numbers
from bookings.statistics.reports import views as reports

urlpatterns = [
    path("api/", api),  # asked most often, so looked for first
    path("", applications.home, name="home"),
    path("after-login/", applications.after_login, name="after_login"),
    path("staff/", people.staff_home, name="staff_home"),
    path("staff/people/", staff.people, name="people"),
    path("staff/people/<int:pk>/", staff.member, name="member"),
    path("staff/new-number/", staff.new_number, name="new_number"),
    path("staff/invitations/<int:pk>/", staff.invitation_act, name="invitation_act"),
    path("staff/messages/", messages.messages, name="messages"),
    path("staff/messages/<int:pk>/", messages.message_act, name="message_act"),
    path("invitations/<str:token>/", staff.invitation, name="invitation"),
    path("new-password/<str:token>/", staff.new_password, name="new_password"),
    path("staff/status/", operations.status, name="status"),
    path("staff/audit/", trail.audit, name="audit"),
    path("staff/audit.xlsx", trail.audit_xlsx, name="audit_xlsx"),
    path("me/is-it-you/", is_it_you.CodeView.as_view(), name="is_it_you"),
    path("me/sessions/", sessions.sessions, name="sessions"),
    path("me/sessions/end/", sessions.end_others, name="end_other_sessions"),
    path("me/sessions/<int:pk>/end/", sessions.end_one, name="end_session"),
    # 1 apply
    path("from/<str:code>/", come_by.come_from, name="come_from"),
    path("me/", applications.my_stay, name="my_stay"),
    path("me/notices/", notices.notices, name="my_notices"),
    path("me/notices/<int:pk>/appeal/", notices.complain, name="complain"),
    path("me/messages/", messages.my_messages, name="my_messages"),
    path("me/messages/<str:token>/", messages.confirm_email, name="confirm_email"),
    path("me/data/", people.my_data, name="my_data"),
    path("me/data/number/", people.my_number, name="my_number"),
    path("me/data/correct/", corrections.correct, name="correct"),
    path("me/data.json", people.my_data_json, name="my_data_json"),
    path("me/data.pdf", people.my_data_pdf, name="my_data_pdf"),
    path("me/data/consent/", people.withdraw_consent, name="withdraw_consent"),
    path("me/data/consent/give/", people.give_consent, name="give_consent"),
    path("me/data/forget/", people.forget_me, name="forget_me"),
    path("regions/", places.regions, name="regions"),
    path("apply/", steps.begin, name="apply"),
    path("apply/discard/", steps.discard, name="apply_discard"),
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
    path("applications/<int:pk>/services/book/", guests.book, name="book_service"),
    path("applications/<int:pk>/services/cancel/", guests.cancel, name="cancel_service"),
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
    path("desk/worker.js", scanner.worker, name="scanner_worker"),
    path("desk/app.webmanifest", scanner.manifest, name="scanner_manifest"),
    path("desk/<slug:slug>/", desk.day, name="desk_day"),
    path("desk/<slug:slug>/scanner/", scanner.scanner, name="scanner"),
    path("desk/<slug:slug>/scan/", desk.scan, name="desk_scan"),
    path("desk/<slug:slug>/act/", desk.act, name="desk_act"),
    path("desk/<slug:slug>/stays/<int:pk>/", desk_stays.stay, name="desk_stay"),
    path(
        "desk/<slug:slug>/stays/<int:pk>/correct/",
        desk_corrections.correct,
        name="desk_correct",
    ),
    path("desk/<slug:slug>/services/", services.services, name="services"),
    path("desk/<slug:slug>/services/new/", services.new_service, name="new_service"),
    path("desk/<slug:slug>/services/<int:pk>/", services.service, name="service"),
    path("desk/<slug:slug>/services/<int:pk>/slots/", services.slots, name="slots"),
    path("desk/<slug:slug>/services/<int:pk>/slots/end/", services.end_slot, name="end_slot"),
    path("desk/<slug:slug>/changes/", desk.changes, name="desk_changes"),
    path("desk/<slug:slug>/walk-in/", walkin.walk_in, name="walk_in"),
    path("desk/<slug:slug>/walk-in/<int:pk>/", walkin.done, name="walk_in_done"),
    path("desk/<slug:slug>/stays/<int:pk>/pass.pdf", walkin.paper_pass, name="desk_pass"),
    path("desk/<slug:slug>/stays/<int:pk>/incident/", incidents.report, name="report"),
    path("desk/<slug:slug>/incidents/", incidents.incidents, name="incidents"),
    path("desk/<slug:slug>/incidents/<int:pk>/", incidents.incident, name="incident"),
    path("desk/<slug:slug>/devices/", desk_devices.devices, name="devices"),
    path("desk/<slug:slug>/devices/<int:pk>/revoke/", desk_devices.revoke, name="revoke_device"),
    path("desk/<slug:slug>/number/<int:pk>/", desk.show_number, name="desk_number"),
    path("desk/<slug:slug>/conflicts/", conflicts.conflicts, name="conflicts"),
    path("desk/<slug:slug>/conflicts/<int:pk>/", conflicts.settle, name="settle_conflict"),
    path("desk/<slug:slug>/register/", register.register, name="register"),
    path("desk/<slug:slug>/register/<int:pk>/", register.registration, name="registration"),
    path("desk/<slug:slug>/register/batches/<int:pk>/", register.batch, name="register_batch"),
    path("desk/<slug:slug>/handover/", handover.handover, name="handover"),
    path("desk/<slug:slug>/handover/<int:pk>/", handover.note, name="handover_note"),
    # 6 follow up
    path("applications/<int:pk>/leaving/", retention.leaving, name="answer_leaving"),
    path("answer/<str:token>/", retention.answer, name="follow_up_answer"),
    path("answer/<str:token>/more/", retention.more, name="follow_up_more"),
    path("answer/<str:token>/stop/", retention.stop, name="follow_up_stop"),
    path("follow-ups/", calls.calls, name="follow_ups"),
    path("follow-ups/<int:pk>/", calls.record, name="follow_up"),
    path("follow-ups/proofs/<int:pk>/", calls.proof_file, name="follow_up_proof"),
    path("follow-ups/proofs/<int:pk>/judge/", calls.judge_proof, name="judge_proof"),
    path("bureau/", bureau.lists, name="bureau_lists"),
    path("bureau/template.xlsx", bureau.template, name="bureau_template"),
    path("bureau/<int:pk>/", bureau.one_list, name="bureau_list"),
    # 7 count
    path("statistics/", statistics.dashboard, name="statistics"),
    path("statistics/retention/", statistics.retention, name="statistics_retention"),
    path("statistics/nights/", statistics.nights, name="statistics_nights"),
    path("statistics/decisions/", statistics.decisions, name="statistics_decisions"),
    path("statistics/services/", statistics.services, name="statistics_services"),
    path("statistics/districts/", statistics.districts, name="statistics_districts"),
    path("statistics/rows/", statistics.rows, name="statistics_rows"),
    *[
        path(f"{address}.xlsx", statistics.workbook, {"subject": name}, name=f"{name}_xlsx")
        for address, name in (
            ("statistics", "statistics"),
            ("statistics/retention", "statistics_retention"),
            ("statistics/nights", "statistics_nights"),
            ("statistics/decisions", "statistics_decisions"),
            ("statistics/services", "statistics_services"),
            ("statistics/districts", "statistics_districts"),
        )
    ],
    path("statistics/reports/", reports.reports, name="reports"),
    path("statistics/reports/<int:pk>/", reports.report, name="reports_one"),
    path("statistics/reports/<int:pk>/send/", reports.send, name="reports_send"),
    path("statistics/reports/files/<int:pk>/", reports.file, name="reports_file"),
    path("statistics/reports/subscribers/", reports.subscribers, name="reports_subscribers"),
    path(
        "statistics/reports/subscribers/<int:pk>/end/",
        reports.end_subscription,
        name="reports_end_subscription",
    ),
    path("statistics/reports/public/", numbers.choose, name="reports_public"),
    path("reports/<str:token>/", report_links.opened, name="report_link"),
    path("reports/<str:token>/<int:pk>/", report_links.file, name="report_link_file"),
    path("reports/stop/<str:token>/", report_links.stop, name="report_stop"),
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/<slug:code>/", numbers.numbers, name="numbers_of"),
    path("channels/", channels.channels, name="channels"),
    path("channels/<int:pk>/poster.pdf", channels.poster_pdf, name="channel_pdf"),
    path("channels/<int:pk>/code.png", channels.poster_png, name="channel_png"),
    path("channels/<int:pk>/close/", channels.close, name="close_channel"),
    path("staff/deletions/", deletions.deletions, name="deletions"),
    path("staff/deletions/<str:day>.pdf", deletions.certificate, name="deletion_certificate"),
    # for whoever runs the site
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
