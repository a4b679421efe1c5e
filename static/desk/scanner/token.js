// The signed text of a QR code, opened as bookings/passes/token.py opens it. Pure, save for WebCrypto.
import { verifyAsync } from "../../npm/ed25519.js";

const PREFIX = "QYZ1:";
const DOMAIN = new TextEncoder().encode("youth-station-pass");
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BODY = 17;
const WHOLE = BODY + 64;
const VERSION = 1;

/** {id, body, signature} of a text made like ours, else null. `id` is the pass's, 32 hex digits. */
export function parse(text) {
  const plain = text.trim().toUpperCase();
  if (!plain.startsWith(PREFIX)) return null;
  const bytes = fromBase32(plain.slice(PREFIX.length));
  if (bytes?.length !== WHOLE || bytes[0] !== VERSION) return null;
  const body = bytes.slice(0, BODY);
  return { id: hex(body.slice(1)), body, signature: bytes.slice(BODY) };
}

/** Whether one of our keys (raw, 32 bytes each) signed it. */
export async function isOurs({ body, signature }, keys) {
  const message = new Uint8Array([...DOMAIN, ...body]);
  for (const key of keys) if (await verify(key, signature, message)) return true;
  return false;
}

async function verify(key, signature, message) {
  try {
    const known = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", known, signature, message);
  } catch {
    return verifyAsync(signature, message, key).catch(() => false); // an older browser
  }
}

function fromBase32(text) {
  const bytes = [];
  let bits = 0;
  let held = 0;
  for (const letter of text) {
    const value = LETTERS.indexOf(letter);
    if (value < 0) return null;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
      held &= (1 << bits) - 1;
    }
  }
  return bits < 5 && held === 0 ? Uint8Array.from(bytes) : null; // one spelling only
}

export const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export function fromBase64Url(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** The short code as it is kept: capitals, without blanks and dashes. */
export const short = (text) => text.normalize("NFKC").replace(/[\s-]/g, "").toUpperCase();

export async function hashed(salt, code) {
  const bytes = new TextEncoder().encode(salt + code);
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
