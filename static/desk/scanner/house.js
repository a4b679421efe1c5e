// What this device knows of a station's stays: the list the server gave, and what was done here since.
import { fromBase64Url, hashed, isOurs, parse, short } from "./token.js";
import { mayUse, verdict } from "./verdict.js";

const OLD = 12 * 3600 * 1000; // a list older than this makes every answer amber

export class House {
  /** `list`: as /api/desk/snapshot gives it, or null; `zone`: the district's time zone. */
  constructor(list, zone) {
    this.list = list;
    this.stays = structuredClone(list?.stays ?? []);
    this.services = structuredClone(list?.services ?? []);
    this.clock = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      dateStyle: "short",
      timeStyle: "medium",
      hourCycle: "h23",
    });
  }

  moment(instant) {
    const parts = this.clock.formatToParts(new Date(instant));
    const part = (kind) => parts.find(({ type }) => type === kind).value;
    const day = `${part("year")}-${part("month")}-${part("day")}`;
    return { day, time: `${part("hour")}:${part("minute")}`, instant };
  }

  isOld = (now) => !this.list || now - this.list.checked_at > OLD;

  /** {stay, revoked} or {reason} of a text that was scanned or typed. */
  async find(text) {
    if (!this.list) return { reason: "no_list" };
    const token = parse(text);
    if (token) return this.#byToken(token);
    const code = short(text);
    const named = this.stays.find((stay) => stay.reference === code);
    if (named) return { stay: named, revoked: false };
    const typed = code.replace(/[IL]/g, "1").replaceAll("O", "0"); // as core/short_code.py reads it
    const hash = code.length === 8 ? await hashed(this.list.salt, typed) : "";
    for (const stay of this.stays) {
      if (stay.codes.includes(hash)) return { stay, revoked: false };
      if (stay.revoked_codes.includes(hash)) return { stay, revoked: true };
    }
    return { reason: "unknown" };
  }

  async #byToken(token) {
    const keys = (this.list.key).map(fromBase64Url);
    if (!(await isOurs(token, keys))) return { reason: "forged" };
    for (const stay of this.stays) {
      if (stay.passes.includes(token.id)) return { stay, revoked: false };
      if (stay.revoked.includes(token.id)) return { stay, revoked: true };
    }
    return { reason: "not_listed" }; // genuine: approved since the list was made, or of another station
  }

  /** The verdict on an act at an instant, as the server would give it; what only it knows is amber. */
  async judge({ code, action, service, at }) {
    const { stay, revoked, reason } = await this.find(code);
    if (!stay) return { ...unlisted(reason), stay: null };
    const { check_in_from } = this.list.station;
    const arrived = stay.arrived_at && this.moment(Date.parse(stay.arrived_at));
    const shown = { ...stay, arrived, revoked, here: true, check_in_from };
    const judged = verdict(shown, action, this.moment(at));
    if (judged.result === "refused" || action !== "redeem") return { ...judged, stay };
    return { ...this.#service(stay, service, this.moment(at)), stay };
  }

  #service(stay, code, at) {
    const service = this.services.find((one) => one.code === code);
    if (!service) return { result: "refused", reason: "no_such_service" };
    const judged = mayUse(this.#asked(stay, service, at), at);
    return judged.reason === "service_closed" ? { ...judged, hours: this.#given(service, at.day) } : judged;
  }

  /** When a service is given on a day: by appointment in its slots, else in its hours. */
  #given(service, day) {
    const slots = service.by_appointment ? service.slots : [];
    const of = ({ starts_at, ends_at }) => [starts_at, ends_at].map((end) => this.moment(Date.parse(end)));
    const here = slots.map(of).filter(([start]) => start.day === day);
    return here.map(([start, end]) => `${start.time}–${end.time}`).join(" / ") || hoursOf(service);
  }

  /** What mayUse needs, as bookings/desk/services/use.py gathers it. */
  #asked(stay, service, at) {
    const uses = this.#uses(stay, service.code, at.day);
    const due = this.#due(stay, service, at);
    const running = due ? [] : this.#running(service, at);
    return {
      ...service,
      uses_per_day: service.per_day,
      uses_per_stay: service.per_stay,
      used_today: uses.today,
      used_before: uses.before,
      due_now: due !== undefined && runs(due, at),
      due_today: due !== undefined,
      slot_runs: running.length > 0,
      place_free: running.some(({ free }) => free > 0),
    };
  }

  /** The uses of a service on a day and on all others: what the list counts, and what was done here. */
  #uses(stay, code, day) {
    let [today, before] = [0, stay.used_before?.[code] ?? 0];
    const add = (on, count = 0) => (on === day ? (today += count) : (before += count));
    add(this.list.day, stay.services[code]);
    for (const [on, counts] of Object.entries(stay.here ?? {})) add(on, counts[code]);
    return { today, before };
  }

  /** The stay's place of this day that has not been used: the one whose slot runs, else the next. */
  #due(stay, { code }, at) {
    const isOfDay = ({ service, starts_at }) =>
      service === code && this.moment(Date.parse(starts_at)).day === at.day;
    const mine = (stay.bookings ?? []).filter(isOfDay);
    return mine.find(({ ends_at }) => Date.parse(ends_at) > at.instant) ?? mine.at(-1);
  }

  #running(service, at) {
    return service.by_appointment ? service.slots.filter((slot) => runs(slot, at)) : [];
  }

  /** The services of the station and what is left of each for a stay on a day. */
  left(stay, day) {
    return (this.list?.services ?? []).map((service) => {
      const { code, name, per_day, per_stay } = service;
      const { today, before } = this.#uses(stay, code, day);
      const left = Math.min(per_day - today, (per_stay ?? Infinity) - today - before);
      return { code, name, left: Math.max(0, left), hours: hoursOf(service) };
    });
  }

  /** The bed planned for the night of a day, or the next there is. */
  bed(stay, day) {
    const nights = Object.keys(stay.beds ?? {}).sort();
    return stay.beds?.[day] ?? stay.beds?.[nights.find((night) => night > day)] ?? stay.bed ?? null;
  }

  /** Note what was done here, so that the next look knows it. */
  apply(stay, { action, service, at }) {
    if (!stay) return;
    if (action === "arrive") Object.assign(stay, { status: "arrived", arrived_at: at });
    if (action === "leave") stay.status = "left";
    if (action === "redeem") this.#count(stay, service, this.moment(Date.parse(at)));
  }

  #count(stay, code, at) {
    const uses = ((stay.here ??= {})[at.day] ??= {});
    uses[code] = (uses[code] ?? 0) + 1;
    const service = this.services.find((one) => one.code === code);
    if (service) this.#takePlace(stay, service, at);
  }

  /** The place that a use takes up: the one booked, or a free one of a slot that runs. */
  #takePlace(stay, service, at) {
    const due = this.#due(stay, service, at);
    if (due) {
      stay.bookings = stay.bookings.filter((one) => one !== due);
      return;
    }
    const slot = this.#running(service, at).find(({ free }) => free > 0);
    if (slot) slot.free -= 1;
  }

  /** Up to ten stays by a reference or the last digits of a phone. */
  search(text) {
    const wanted = short(text);
    if (wanted.length < 3) return [];
    const fits = ({ reference, phone_tail: tail }) =>
      reference.includes(wanted) || (tail && wanted.length >= 4 && tail === wanted.slice(-4));
    return this.stays.filter(fits).slice(0, 10);
  }
}

const hoursOf = ({ opens, closes }) => (opens && closes ? `${opens.slice(0, 5)}–${closes.slice(0, 5)}` : "");

const runs = ({ starts_at, ends_at }, { instant }) =>
  Date.parse(starts_at) <= instant && instant < Date.parse(ends_at);

function unlisted(reason) {
  // a genuine code that is not on the list: somebody may stand at the door with every right
  if (reason === "not_listed") return { result: "warn", reason };
  return { result: "refused", reason };
}
