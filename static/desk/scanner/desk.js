// The desk of this tablet: what a code means and what is done with it, with the server or without it.
// Every act is on the disk before it is sent, and stays there until the server has answered it and a list
// has come that knows of it.
import { House } from "./house.js";
import { Gone, Rejected, SignedOut } from "./server.js";
import * as store from "./store.js";

const BATCH = 100; // scans sent at once
const KEEP_EVERY = 600_000; // ms between two writings of a list that has not changed
const EVERY = 5000; // ms between two questions whether anything changed

export class Desk extends EventTarget {
  waiting = []; // acts not answered yet, in the order of their time
  taken = []; // acts that the server has taken, of which the list does not know yet
  reach = "unknown"; // of the server: here, gone, or signed_out
  version = null;
  #turn = Promise.resolve();

  constructor({ server, station, zone }) {
    super();
    Object.assign(this, { server, station, zone, house: new House(null, zone) });
  }

  async start() {
    const kept = await store.keptScans(this.station);
    this.taken = kept.filter(({ taken }) => taken);
    this.waiting = kept.filter(({ taken }) => !taken);
    await this.#take(await store.readList(this.station, this.server.now()));
    addEventListener("online", () => this.refresh());
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
    setInterval(() => this.refresh(), EVERY);
    await this.refresh();
  }

  #take(list) {
    this.house = new House(list, this.zone);
    return this.#replay();
  }

  /** What was done here, and the list does not know, is done on it again. */
  async #replay() {
    const known = new Set(this.house.list?.known);
    const acts = [...this.taken, ...this.waiting].filter(({ nonce }) => !known.has(nonce));
    for (const act of acts) await this.#apply(act);
    this.changed();
  }

  /** Do an act on the list, if it was told well: of one that the page died over nobody knows. */
  async #apply(act) {
    if (act.told !== "ok" && act.told !== "warn") return;
    const { stay } = await this.house.find(act.code);
    this.house.apply(stay, act);
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  /** One thing after the other, in the order of scanning. */
  queue(work) {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  /** What a code is and what is due. */
  look = (code) => this.queue(() => this.#do({ code, action: "check" }, this.server.looks));

  /** Arrive, leave or redeem for a code. */
  act = (act) => this.queue(() => this.#do(act, this.server.scans));

  async #do(act, send) {
    const at = new Date(this.server.now()).toISOString();
    const scan = { service: "", ...act, nonce: crypto.randomUUID(), at };
    if (scan.action !== "check") await store.keepScan(this.station, scan);
    if (this.reach === "gone" || this.reach === "signed_out") return this.#alone(scan);
    try {
      const { action, service, ...looked } = scan;
      const answer = await send(action === "check" ? looked : scan);
      const taken = await this.#answered([scan], [{ ...answer, nonce: scan.nonce }]);
      for (const act of taken) await this.#apply(act);
      this.#reached("here");
      this.refresh();
      return { ...answer, scan, alone: false };
    } catch (error) {
      if (error instanceof Rejected) await store.dropScans([scan.nonce]);
      if (error instanceof Rejected) throw error;
      this.#reached(error instanceof SignedOut ? "signed_out" : "gone");
      return this.#alone(scan);
    }
  }

  /** Judged by the list of this device; kept to be sent. */
  async #alone(scan) {
    const judged = await this.house.judge({ ...scan, at: Date.parse(scan.at) });
    const old = judged.result === "ok" && this.house.isOld(this.server.now());
    const { result, reason } = old ? { result: "warn", reason: "old_list" } : judged;
    const { day } = this.house.moment(Date.parse(scan.at));
    const bed = judged.stay ? this.house.bed(judged.stay, day) : null;
    const kept = { ...scan, offline: true, told: result };
    if (scan.action === "arrive" && bed) kept.bed = bed;
    await store.keepScan(this.station, kept);
    this.waiting.push(kept);
    if (result !== "refused") this.house.apply(judged.stay, scan);
    this.changed();
    const stay = judged.stay && { ...judged.stay, bed, services: this.house.left(judged.stay, day) };
    return { result, reason, stay, scan, alone: true, hours: judged.hours };
  }

  /** Each answer names its act. What the server took stays until a list knows of it; the rest goes. */
  async #answered(acts, answers) {
    const said = new Map(answers.map(({ nonce, result }) => [nonce, result]));
    const told = acts.filter(({ nonce }) => said.has(nonce));
    const took = ({ action, nonce }) => action !== "check" && said.get(nonce) !== "refused";
    const taken = told.filter(took).map((act) => ({ ...act, told: said.get(act.nonce), taken: true }));
    for (const act of taken) await store.keepScan(this.station, act);
    await store.dropScans(told.filter((act) => !took(act)).map(({ nonce }) => nonce));
    this.taken.push(...taken);
    return taken;
  }

  /** The shift ends, once all that was scanned is done: nothing that names a guest stays here. False:
   *  something is still to be sent. */
  end() {
    return this.queue(async () => {
      if (this.waiting.length) return false;
      await store.forget();
      return true;
    });
  }

  #reached(how) {
    const back = how === "here" && this.reach !== "here";
    this.reach = how;
    if (back) this.flush();
    this.changed();
  }

  /** Ask whether anything changed, and fetch it. */
  async refresh() {
    if (this.refreshing) return this.refreshing;
    this.refreshing = this.#refresh().finally(() => (this.refreshing = null));
    return this.refreshing;
  }

  async #refresh() {
    try {
      const { version } = await this.server.pulse();
      this.#reached("here");
      await this.flush();
      if (version === this.version && this.house.list) return this.#keepFresh();
      const before = this.taken.map(({ nonce }) => nonce);
      const list = await this.server.list();
      const known = new Set([...before, ...list.known]);
      const done = this.taken.map(({ nonce }) => nonce).filter((nonce) => known.has(nonce));
      await store.keepList(this.station, list, done);
      this.version = version;
      this.taken = this.taken.filter(({ nonce }) => !known.has(nonce));
      return this.queue(() => this.#take(list));
    } catch (error) {
      this.#reached(error instanceof SignedOut ? "signed_out" : "gone");
    }
  }

  /** The list is as it was: it is so of this moment. */
  async #keepFresh() {
    const { list } = this.house;
    const passed = this.server.now() - list.checked_at;
    list.checked_at += passed;
    list.expires_at += passed;
    if (list.checked_at - (this.kept ?? 0) > KEEP_EVERY) {
      this.kept = list.checked_at;
      await store.keepList(this.station, list);
    }
    this.changed();
  }

  /** Send what was done without the server; what it has answered is dropped here. */
  flush() {
    return this.queue(async () => {
      while (this.waiting.length && this.reach === "here") {
        const some = this.waiting.slice(0, BATCH);
        const { answers } = await this.server.sync(some);
        const answered = new Set(answers.map(({ nonce }) => nonce));
        await this.#answered(some, answers);
        this.waiting = this.waiting.filter(({ nonce }) => !answered.has(nonce));
        const conflicts = answers.filter(({ conflict }) => conflict).length;
        this.dispatchEvent(new CustomEvent("sent", { detail: { sent: answered.size, conflicts } }));
        if (!answered.size) break;
      }
    }).catch((error) => this.#reached(error instanceof SignedOut ? "signed_out" : "gone"));
  }

  /** The stays that a reference or the last digits of a phone may mean. */
  async search(text) {
    if (this.reach === "here") {
      try {
        return await this.server.search(text);
      } catch (error) {
        if (!(error instanceof Gone)) throw error;
        this.#reached("gone");
      }
    }
    return this.house.search(text);
  }
}
