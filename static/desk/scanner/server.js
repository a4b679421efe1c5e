// Talking to the server, which may be slow, gone or asking to sign in again.
const PATIENCE = 3000; // ms until the page goes on by itself
const SKEW = "desk-skew"; // where the device keeps it: a page opened without a server needs it too

export class Gone extends Error {} // no network, no server, or none in time
export class SignedOut extends Error {}
export class Rejected extends Error {} // it answered, but not with what was asked for

export class Server {
  skew = Number(localStorage.getItem(SKEW)); // ms that the server's clock is ahead of the device's

  constructor({ urls, station, cookie }) {
    Object.assign(this, { urls, station, cookie });
  }

  now = () => Date.now() + this.skew;

  looks = (scan) => this.#post(this.urls.looks, scan);
  scans = (scan) => this.#post(this.urls.scans, scan);
  sync = (scans) => this.#post(this.urls.sync, { scans }, 30_000);
  pulse = () => this.#ask(this.#at(this.urls.pulse));
  search = async (text) => (await this.#ask(this.#at(this.urls.search, { q: text }))).stays;
  number = (stay) => this.#post(this.urls.number.replace("/0/", `/${stay}/`), {});

  /** The list of stays, with when it was found to be so. */
  async list() {
    const list = await this.#ask(this.#at(this.urls.snapshot), {}, 20_000);
    const lasts = Date.parse(list.expires_at) - Date.parse(list.made_at);
    return { ...list, checked_at: this.now(), expires_at: this.now() + lasts };
  }

  #at = (url, more = {}) => `${url}?${new URLSearchParams({ station: this.station, ...more })}`;

  #post(url, body, patience) {
    const json = "application/json";
    const headers = { Accept: json, "Content-Type": json, "X-CSRFToken": this.#token() };
    const whole = JSON.stringify({ station: this.station, ...body });
    return this.#ask(url, { method: "POST", headers, body: whole }, patience);
  }

  #token() {
    const found = document.cookie.match(new RegExp(`(?:^|; )${this.cookie}=([^;]*)`));
    return found?.[1] ?? "";
  }

  async #ask(url, options = {}, patience = PATIENCE) {
    const asked = Date.now();
    try {
      const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(patience) });
      if (answer.status >= 500 || answer.status === 429) throw new Gone(answer.status);
      if (answer.status === 401 || answer.status === 403) throw new SignedOut(answer.status);
      if (!answer.ok) throw new Rejected(answer.status);
      this.#setClock(Date.parse(answer.headers.get("Date")), (asked + Date.now()) / 2);
      return await answer.json();
    } catch (error) {
      if (error instanceof SignedOut || error instanceof Rejected) throw error;
      throw new Gone(String(error));
    }
  }

  #setClock(theirs, ours) {
    const skew = theirs + 500 - ours;
    if (!theirs || Math.abs(skew - this.skew) <= 1500) return;
    this.skew = skew;
    localStorage.setItem(SKEW, skew);
  }
}
