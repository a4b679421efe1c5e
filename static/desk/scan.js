// The desk's one box: a wedge scanner types from anywhere on the page, the camera reads, a hand types.
// The page stays: its result and lists are taken out of the server's answer.
const box = document.querySelector("[data-scan]");
const field = box.elements.code;
const said = box.querySelector("[data-said]");
const video = box.querySelector("video");
const button = box.querySelector("[data-camera]");
let waiting = Promise.resolve();

function show(html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  for (const id of ["result", "lists"]) {
    document.getElementById(id).replaceChildren(...answer.getElementById(id).childNodes);
  }
}

async function send(form, body) {
  said.textContent = "";
  try {
    // not form.action: a field of that name would hide the address
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body });
    if (!answer.ok || answer.redirected) return location.reload(); // signed out meanwhile, for one
    show(await answer.text());
  } catch {
    said.textContent = box.dataset.noNetwork;
    if (form === box) field.value = body.get("code");
  }
  return field.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form !== box && !form.matches("[data-act]")) return;
  event.preventDefault();
  const body = new FormData(form);
  if (form === box) {
    if (!field.value.trim()) return;
    body.set("nonce", `page-${Date.now()}-${Math.random().toString(36).slice(2)}`);
    field.value = "";
  }
  waiting = waiting.then(() => send(form, body)); // one after the other, in the order of scanning
});

document.addEventListener(
  "keydown",
  (event) => {
    // what a scanner types belongs in the box, wherever the focus was
    const plain = event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (plain && event.key !== " " && event.target !== field) field.focus();
  },
  true,
);

async function detector() {
  if ("BarcodeDetector" in window) {
    const formats = await window.BarcodeDetector.getSupportedFormats();
    if (formats.includes("qr_code")) return new window.BarcodeDetector({ formats: ["qr_code"] });
  }
  const { BarcodeDetector, prepareZXingModule } = window.BarcodeDetectionAPI;
  const locateFile = (path, prefix) => (path.endsWith(".wasm") ? box.dataset.wasm : prefix + path);
  await prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
  return new BarcodeDetector({ formats: ["qr_code"] });
}

function close() {
  for (const track of video.srcObject.getTracks()) track.stop();
  video.srcObject = null;
  video.hidden = true;
  button.hidden = false;
}

async function look(reader) {
  const [found] = await reader.detect(video);
  if (!found) return setTimeout(look, 100, reader);
  close();
  field.value = found.rawValue;
  return box.requestSubmit();
}

async function open() {
  button.hidden = true;
  try {
    const wish = { video: { facingMode: "environment" } };
    video.srcObject = await navigator.mediaDevices.getUserMedia(wish);
    video.hidden = false;
    await video.play();
    await look(await detector());
  } catch {
    if (video.srcObject) close();
    button.hidden = false;
    said.textContent = box.dataset.noCamera;
  }
}

if (navigator.mediaDevices) {
  button.hidden = false;
  button.addEventListener("click", open);
}
