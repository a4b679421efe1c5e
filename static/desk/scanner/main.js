// The scan page: camera, scanner and keys lead to a look; a look leads to an act. desk.js decides.
import { Camera, prepare } from "./camera.js";
import { Desk } from "./desk.js";
import { play } from "./feedback.js";
import { Server } from "./server.js";
import { View } from "./view.js";
import { listen } from "./wedge.js";

const read = (name) => JSON.parse(document.getElementById(name).textContent);
const root = document.querySelector("[data-scanner]");
const { urls, station, cookie, zone, worker } = read("scanner-config");
const words = read("scanner-words");
const server = new Server({ urls, station, cookie });
const desk = new Desk({ server, station, zone });
const view = new View({ root, words, does: { look, act, number, beep: play } });
view.moment = (instant) => desk.house.moment(instant);

async function show(work) {
  view.say("");
  try {
    play(view.answer(await work));
    bringIntoView(view.at("result"));
  } catch {
    view.say(words.rejected);
  }
}

/** On a telephone an answer lies below the box and behind the keyboard. */
function bringIntoView(part) {
  if (matchMedia("(pointer: coarse)").matches) box.blur();
  if (part.getBoundingClientRect().bottom > innerHeight) part.scrollIntoView({ block: "start" });
}

function look(code) {
  return show(desk.look(code));
}

function act(code, action, service = "") {
  return show(desk.act({ code, action, service }));
}

async function number(stay) {
  try {
    return (await server.number(stay)).number;
  } catch {
    view.say(words.no_number);
  }
}

/** What was typed: a code, a reference, or the last digits of a phone. */
async function typed(text) {
  const plain = text.normalize("NFKC").trim();
  if (!plain) return;
  if (!/^\d{4,7}$|^\d{9,11}$/.test(plain)) return look(plain);
  const found = await desk.search(plain).catch(() => []);
  if (found.length === 1) return look(found[0].reference);
  if (found.length) return view.choices(found);
  return view.say(words.nobody);
}

// --- typing and scanners ---------------------------------------------------------------------------
const form = root.querySelector("form");
const box = form.elements.code;
listen({ box, onCode: look });
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value;
  box.value = "";
  typed(text);
});

// --- the camera ------------------------------------------------------------------------------------
const video = root.querySelector("video");
const open = view.at("camera-open");
const close = view.at("camera-close");
const torch = view.at("torch");
const choice = view.at("camera-choice");
const camera = new Camera({ video, wasm: urls.wasm, onCode: look });

function cameraChanged() {
  for (const part of [view.at("film"), close]) part.hidden = !camera.isOpen;
  open.hidden = camera.isOpen;
  torch.hidden = !camera.hasTorch;
}

async function film(device = "") {
  try {
    await camera.open(device);
    const choices = await camera.choices();
    choice.hidden = choices.length < 2;
    choice.replaceChildren(...choices.map(({ deviceId, label }) => new Option(label, deviceId)));
    choice.value = video.srcObject.getVideoTracks()[0].getSettings().deviceId;
  } catch {
    camera.close();
    view.say(words.no_camera);
  }
  cameraChanged();
}

if (navigator.mediaDevices) {
  open.hidden = false;
  open.addEventListener("click", () => film());
  prepare(urls.wasm).catch(() => {});
}
close.addEventListener("click", () => {
  camera.close();
  cameraChanged();
});
choice.addEventListener("change", () => film(choice.value));
torch.addEventListener("click", () => {
  const on = torch.getAttribute("aria-pressed") !== "true";
  camera.light(on);
  torch.setAttribute("aria-pressed", on);
});

// --- the day, the network, the end of the shift ------------------------------------------------------
const paint = () => view.day({ house: desk.house, reach: desk.reach, waiting: desk.waiting, now: server.now() });
desk.addEventListener("change", paint);
desk.addEventListener("sent", ({ detail: { sent, conflicts } }) => {
  view.say((conflicts ? words.sent_conflicts : words.sent).replace("%s", sent).replace("%c", conflicts));
  if (conflicts) view.at("conflicts").classList.remove("button--secondary");
});
view.at("end").addEventListener("click", async () => {
  if (!(await desk.end())) return view.say(words.unsent);
  return view.at("sign-out").requestSubmit();
});

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(worker, { scope: "/desk/" });
  navigator.serviceWorker.ready.then(({ active }) => active.postMessage(location.pathname));
}
navigator.storage?.persist?.();
await desk.start();
root.dataset.ready = "yes";
