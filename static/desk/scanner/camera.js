// The camera of the tablet: reads codes until it is closed. The browser's own reader where it has one,
// else a WebAssembly one of our own files.
const AGAIN = 3000; // ms in which the same code, still held up, is no second scan
const PAUSE = 60; // ms between two looks

let reader;

async function makeReader(wasm) {
  if ("BarcodeDetector" in window) {
    const formats = await window.BarcodeDetector.getSupportedFormats();
    if (formats.includes("qr_code")) return new window.BarcodeDetector({ formats: ["qr_code"] });
  }
  const { BarcodeDetector, prepareZXingModule } = window.BarcodeDetectionAPI;
  const locateFile = (path, prefix) => (path.endsWith(".wasm") ? wasm : prefix + path);
  await prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
  return new BarcodeDetector({ formats: ["qr_code"] });
}

/** Load the reader before the camera is opened, so that the first code is read at once. */
export const prepare = (wasm) => (reader ??= makeReader(wasm));

export class Camera {
  #last = { text: "", until: 0 };

  /** `onCode`: called with the text of each code seen. */
  constructor({ video, wasm, onCode }) {
    Object.assign(this, { video, wasm, onCode });
  }

  get isOpen() {
    return Boolean(this.video.srcObject);
  }

  /** Open a camera, the one that looks away from the clerk unless one is named. Errors: as getUserMedia. */
  async open(deviceId = "") {
    this.close();
    const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: "environment" };
    const video = { ...which, width: { ideal: 1280 }, height: { ideal: 720 } };
    this.video.srcObject = await navigator.mediaDevices.getUserMedia({ video });
    await this.video.play();
    const detector = await prepare(this.wasm);
    this.#look(detector, this.video.srcObject);
  }

  close() {
    for (const track of this.video.srcObject?.getTracks() ?? []) track.stop();
    this.video.srcObject = null;
  }

  async #look(detector, stream) {
    while (this.video.srcObject === stream) {
      const found = await detector.detect(this.video).catch(() => []);
      for (const { rawValue } of found) this.#seen(rawValue);
      await new Promise((next) => setTimeout(next, PAUSE));
    }
  }

  #seen(text) {
    const now = performance.now();
    const again = text === this.#last.text && now < this.#last.until;
    this.#last = { text, until: now + AGAIN };
    if (!again) this.onCode(text);
  }

  /** The cameras to choose from. */
  async choices() {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter(({ kind }) => kind === "videoinput");
  }

  get #track() {
    return this.video.srcObject?.getVideoTracks()[0];
  }

  get hasTorch() {
    return Boolean(this.#track?.getCapabilities?.().torch);
  }

  light(on) {
    return this.#track.applyConstraints({ advanced: [{ torch: on }] });
  }
}
