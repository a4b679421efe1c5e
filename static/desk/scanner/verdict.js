// What a desk may do with a shown code, judged on the device: the same rules as bookings/desk/verdict.py,
// which the tests compare row by row. Pure.
const BY_STATUS = {
  requested: "not_approved",
  waitlisted: "not_approved",
  offered: "not_approved",
  cancelled: "cancelled",
  lapsed: "lapsed",
  no_show: "no_show",
  left: "already_left",
};

/** One more use of a service at a local moment; `asked` as verdict.Asked has it, hours as "07:00". A
 *  slot's own hours go before the service's. */
export function mayUse(asked, { time }) {
  const used = asked.used_before + asked.used_today;
  if (asked.uses_per_stay !== null && used >= asked.uses_per_stay) return refused("used_up");
  if (asked.used_today >= asked.uses_per_day) return refused("used_up");
  if (asked.due_now) return FINE;
  if (!isOpen(asked, time)) return refused("service_closed");
  if (asked.due_today || !asked.by_appointment) return FINE;
  if (!asked.slot_runs) return refused("service_closed");
  return asked.place_free ? FINE : refused("fully_booked");
}

const isOpen = ({ opens, closes }, time) =>
  !(opens && closes) || (opens.slice(0, 5) <= time && time < closes.slice(0, 5));

const NOTHING_AGAINST_THE_STAY = [
  "already_arrived",
  "no_such_service",
  "service_closed",
  "used_up",
  "fully_booked",
];

/** What may be done next with a stay that stands so after this verdict: arrive, leave or nothing. */
export function due(status, { result, reason }) {
  if (result === "refused" && !NOTHING_AGAINST_THE_STAY.includes(reason)) return "";
  return { promised: "arrive", arrived: "leave" }[status] ?? "";
}

const refused = (reason) => ({ result: "refused", reason });
const warn = (reason) => ({ result: "warn", reason });
const FINE = { result: "ok", reason: "fine" };

/** `shown`: what is known of the stay; days as "2026-11-24", times as "14:00".
 *  `at` and `shown.arrived`: {day, time, instant}, local day and time and the instant in milliseconds. */
export function verdict(shown, action, at) {
  if (shown.revoked) return refused("revoked");
  if (!shown.here) return refused("wrong_station");
  if (shown.status in BY_STATUS) return refused(BY_STATUS[shown.status]);
  if (shown.status === "arrived") return inHouse(shown, action, at);
  if (action !== "arrive" && action !== "check") return refused("not_arrived");
  return arriving(shown, at);
}

function inHouse(shown, action, at) {
  if (action === "arrive") return refused("already_arrived");
  if (shown.arrived && isBefore(at, shown.arrived, action)) return refused("clock_off");
  return FINE;
}

const isBefore = (at, arrived, action) =>
  action === "leave" ? at.instant < arrived.instant : at.day < arrived.day;

function arriving(shown, at) {
  if (shown.suspended) return refused("suspended");
  if (at.day < shown.arrival || at.day >= shown.departure) return refused("wrong_day");
  if (at.day === shown.arrival && at.time < shown.check_in_from.slice(0, 5)) return warn("too_early_today");
  if (shown.minor) return warn("minor");
  if (shown.evidence) return warn("evidence_to_see");
  if (at.day > shown.arrival) return warn("other_nights");
  return FINE;
}
