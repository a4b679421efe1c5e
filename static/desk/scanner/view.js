// The page's parts, filled from its <template>s: nothing here builds HTML out of words.
import { due } from "./verdict.js";

const ICONS = { ok: "circle-check", warn: "triangle-alert", refused: "circle-x" };

/** A copy of a template, its [data-slot]s filled with texts or nodes; an empty slot goes. */
export function fill(name, slots) {
  const part = document.getElementById(name).content.firstElementChild.cloneNode(true);
  for (const slot of [part, ...part.querySelectorAll("*")].filter(({ dataset }) => dataset.slot)) {
    const value = slots[slot.dataset.slot];
    if (value === undefined || value === null || value === "") slot.remove();
    else slot.replaceChildren(...[value].flat());
  }
  return part;
}

const icon = (name) => document.getElementById(`icon-${name}`).content.cloneNode(true);
const day = (text) => text.slice(5).replace("-", "/").replace(/\b0/g, "");

export class View {
  /** `root`: the page's element; `words`: what it says; `does`: what its buttons do. */
  constructor({ root, words, does }) {
    Object.assign(this, { root, words, does });
  }

  at = (name) => this.root.querySelector(`[data-part=${name}]`);

  say(text) {
    this.at("said").textContent = text;
  }

  /** What a scan came to. */
  answer({ result, reason, title, message, tone, stay, name, scan, alone, hours }) {
    const done = alone && result !== "refused" && this.words.done[scan.action];
    const known = done || this.words.reasons[reason];
    const shown = (alone ? (done ? "ok" : result) : tone) ?? result;
    const verdict = fill("verdict", {
      icon: icon(ICONS[shown]),
      title: title ?? known.title,
      sentence: message ?? (hours ? this.words.closed.replace("%s", hours) : known.sentence),
      caution: done && result === "warn" ? this.words.reasons[reason].sentence : null,
      alone: alone ? this.words.alone : null,
    });
    verdict.classList.add(`verdict--${shown}`);
    const next = stay ? (stay.due ?? due(stay.status, { result, reason })) : "";
    const parts = [verdict];
    if (stay) parts.push(this.#card({ stay, name, scan, due: next, alone }));
    else if (result !== "refused" && scan.action === "check") parts.push(this.#unlisted(scan));
    this.at("result").replaceChildren(...parts);
    return shown;
  }

  #card({ stay, name, scan, due, alone }) {
    const { words } = this;
    const card = fill("guest", {
      name: name || stay.guest,
      status: words.statuses[stay.status],
      document: [stay.doc_type, stay.masked_number].filter(Boolean).join(" "),
      reference: stay.reference,
      nights: `${day(stay.arrival)} – ${day(stay.departure)}`,
      papers: stay.papers?.length ? words.to_see.replace("%s", stay.papers.join(" · ")) : null,
      keys: stay.keys?.length ? words.keys.replace("%s", stay.keys.join(" · ")) : null,
      needs: (stay.needs ?? []).join(" · "),
      arrived: stay.arrived_at && words.arrived_at.replace("%s", this.#when(stay.arrived_at)),
      desk: stay.arrived_at_desk,
      bed: stay.status === "arrived" || due === "arrive" ? stay.bed : null,
    });
    const acts = card.querySelector("[data-part=acts]");
    if (due) acts.append(this.#button(words.due[due], () => this.does.act(scan.code, due), due === "leave"));
    if (due === "arrive") acts.append(this.#button(words.differs, () => this.#differs(card), true));
    if (stay.status === "arrived")
      for (const { code, name: service, left, hours } of stay.services ?? []) {
        const told = [service, left > 0 ? left : words.used_up, hours].filter(Boolean).join(" · ");
        const use = () => this.does.act(scan.code, "redeem", code);
        acts.append(left > 0 ? this.#button(told, use, true) : fill("used", { text: told }));
      }
    if (!alone && stay.id) {
      if (stay.masked_number) acts.append(this.#button(words.show_number, () => this.#number(card, stay), true));
      const more = fill("more", {});
      more.href = this.words.stay_url.replace("/0/", `/${stay.id}/`);
      acts.append(more);
    }
    return card;
  }

  #unlisted(scan) {
    const card = fill("unlisted", {});
    const arrive = this.#button(this.words.due.arrive, () => this.does.act(scan.code, "arrive"), false);
    card.querySelector("[data-part=acts]").append(arrive);
    return card;
  }

  #button(text, press, quiet) {
    const button = fill("button", { text });
    button.classList.toggle("button--secondary", quiet);
    button.addEventListener("click", () => {
      for (const other of button.parentElement.querySelectorAll("button")) other.disabled = true;
      press();
    });
    return button;
  }

  async #number(card, stay) {
    const shown = await this.does.number(stay.id);
    if (shown) card.querySelector("[data-part=number]").replaceChildren(shown);
  }

  #differs(card) {
    card.querySelector("[data-part=acts]").replaceChildren(fill("differs", {}));
    this.does.beep("refused");
  }

  #when(instant) {
    const { day: on, time } = this.moment(Date.parse(instant));
    return `${day(on)} ${time}`;
  }

  /** Several stays to choose from. */
  choices(stays) {
    const list = fill("choices", { rows: stays.map((stay) => this.#row(stay)) });
    this.at("result").replaceChildren(list);
  }

  #row(stay) {
    const row = fill("row", {
      name: stay.guest,
      reference: stay.reference,
      nights: `${day(stay.arrival)} – ${day(stay.departure)}`,
      status: this.words.statuses[stay.status],
      bed: stay.status === "arrived" ? stay.bed : null,
    });
    row.querySelector("button").addEventListener("click", () => this.does.look(stay.reference));
    return row;
  }

  /** The day's lists, the state of the network, and what waits to be sent. */
  day({ house, reach, waiting, now }) {
    const { day: today } = house.moment(now);
    const due = (stay) => stay.departure <= today;
    const lists = {
      expected: house.stays.filter(({ status, arrival }) => status === "promised" && arrival <= today),
      leaving: house.stays.filter((stay) => stay.status === "arrived" && due(stay)),
      inside: house.stays.filter((stay) => stay.status === "arrived" && !due(stay)),
    };
    for (const [name, stays] of Object.entries(lists)) {
      this.at(name).replaceChildren(...stays.map((stay) => this.#row({ ...stay, bed: house.bed(stay, today) })));
      this.at(`${name}-count`).textContent = stays.length;
    }
    this.#state({ house, reach, waiting, now });
  }

  #state({ house, reach, waiting, now }) {
    const old = house.isOld(now);
    this.root.dataset.reach = reach;
    for (const chip of this.root.querySelectorAll("[data-reach-is]")) chip.hidden = chip.dataset.reachIs !== reach;
    this.at("waiting").hidden = !waiting.length;
    this.at("waiting-count").textContent = waiting.length;
    const age = house.list ? Math.round((now - house.list.checked_at) / 60_000) : null;
    this.at("age").textContent = age === null ? this.words.no_list : this.words.age.replace("%s", age);
    this.at("age").classList.toggle("chip--warn", old);
  }
}
