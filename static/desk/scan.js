// The scan box: a wedge scanner anywhere on the page, and the camera where there is one.
const form = document.querySelector("[data-scan]");
const field = form.elements.code;
const said = form.querySelector("[data-said]");
const video = form.querySelector("video");
const button = form.querySelector("[data-camera]");

document.addEventListener("keydown", (event) => {
  // what a scanner types belongs in the box, wherever the focus was
  const typing = event.target.closest("input, textarea, select, button, a");
  if (!typing && event.key.length === 1) field.focus();
});

async function detector() {
  if ("BarcodeDetector" in window) {
    const formats = await window.BarcodeDetector.getSupportedFormats();
    if (formats.includes("qr_code")) return new window.BarcodeDetector({ formats: ["qr_code"] });
  }
  const { BarcodeDetector, prepareZXingModule } = window.BarcodeDetectionAPI;
  const locateFile = (path, prefix) => (path.endsWith(".wasm") ? form.dataset.wasm : prefix + path);
  await prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
  return new BarcodeDetector({ formats: ["qr_code"] });
}

async function look(reader) {
  const [found] = await reader.detect(video);
  if (!found) return setTimeout(look, 120, reader);
  for (const track of video.srcObject.getTracks()) track.stop();
  field.value = found.rawValue;
  return form.requestSubmit();
}

async function open() {
  try {
    const wish = { video: { facingMode: "environment" } };
    video.srcObject = await navigator.mediaDevices.getUserMedia(wish);
    video.hidden = false;
    await video.play();
    look(await detector());
  } catch {
    said.textContent = form.dataset.problem;
  }
}

if (navigator.mediaDevices) {
  button.hidden = false;
  button.addEventListener("click", open);
}
