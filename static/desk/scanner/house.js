// What this device knows of a station's stays: the list the server gave, and what was done here since.
import { fromBase64Url, hashed, isOurs, parse, short } from "./token.js";
import { verdict } from "./verdict.js";

const OLD = 12 * 3600 * 1000; // a list older than this makes every answer amber

export class House {
  /** `list`: as /api/desk/snapshot gives it, or null; `zone`: the district's time zone. */
  constructor(list, zone) {
    this.list = list;
    this.stays = structuredClone(list?.stays ?? []);
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
    return { ...this.#service(stay, service, this.moment(at).day), stay };
  }

  #service(stay, code, day) {
    const left = this.left(stay, day).find((service) => service.code === code)?.left;
    if (left === undefined) return { result: "refused", reason: "no_such_service" };
    return left > 0
      ? { result: "ok", reason: "fine" }
      : { result: "refused", reason: "used_up" };
  }

  /** The services of the station and what is left of each for a stay on a day. */
  left(stay, day) {
    const counted = this.list?.day === day ? stay.services : {}; // yesterday's uses are yesterday's
    const here = stay.here?.[day] ?? {};
    return (this.list?.services ?? []).map(({ code, name, per_day }) => ({
      code,
      name,
      left: Math.max(0, per_day - (counted[code] ?? 0) - (here[code] ?? 0)),
    }));
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
    if (action === "redeem") this.#count(stay, service, this.moment(Date.parse(at)).day);
  }

  #count(stay, service, day) {
    const uses = ((stay.here ??= {})[day] ??= {});
    uses[service] = (uses[service] ?? 0) + 1;
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

function unlisted(reason) {
  // a genuine code that is not on the list: somebody may stand at the door with every right
  if (reason === "not_listed") return { result: "warn", reason };
  return { result: "refused", reason };
}
