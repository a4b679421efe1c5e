// What stays on the device: the list of stays, and what has not been sent. All of it is encrypted with a
// key that the browser keeps and lets nobody read; the list goes when it expires or the shift ends.
import { openDB } from "../../npm/idb.js";

let opened;
let over = false; // the shift: from then on no list is kept here

const database = () =>
  (opened ??= openDB("desk", 1, {
    upgrade(db) {
      db.createObjectStore("keys");
      db.createObjectStore("lists");
      db.createObjectStore("outbox", { keyPath: "nonce" });
    },
    terminated: () => (opened = undefined),
  }));

async function key() {
  const db = await database();
  const kept = await db.get("keys", "data");
  if (kept) return kept;
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  const tx = db.transaction("keys", "readwrite");
  if (!(await tx.store.get("data"))) await tx.store.put(fresh, "data"); // another tab may have been quicker
  await tx.done;
  return db.get("keys", "data");
}

async function seal(value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(value));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), plain) };
}

async function unseal({ iv, data }) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await key(), data);
  return JSON.parse(new TextDecoder().decode(plain));
}

/** Keep a list, and with it let go of the scans that it knows of. Another tab may have a newer one. */
export async function keepList(station, list, known = []) {
  const sealed = await seal(list);
  const db = await database();
  if (over) return;
  const made = Date.parse(list.made_at);
  const tx = db.transaction(["lists", "outbox"], "readwrite", { durability: "strict" });
  const former = await tx.objectStore("lists").get(station);
  if (!(former?.made > made)) {
    tx.objectStore("lists").put({ ...sealed, made, until: list.expires_at }, station);
    for (const nonce of known) tx.objectStore("outbox").delete(nonce);
  }
  await tx.done;
}

/** The list last kept for a station, unless it has expired; then it is gone. */
export async function readList(station, now) {
  const db = await database();
  const kept = await db.get("lists", station);
  if (!kept) return null;
  if (kept.until > now) return unseal(kept).catch(() => null);
  await db.delete("lists", station);
  return null;
}

/** Let go of all lists, and of what the server has taken; what is unsent stays. */
export async function forget() {
  over = true;
  const tx = (await database()).transaction(["lists", "outbox"], "readwrite", { durability: "strict" });
  tx.objectStore("lists").clear();
  const rows = await tx.objectStore("outbox").getAll();
  for (const { nonce } of rows.filter(({ taken }) => taken)) tx.objectStore("outbox").delete(nonce);
  await tx.done;
}

/** Keep a scan, as it now stands. It is on the disk when this returns. */
export async function keepScan(station, scan) {
  const sealed = await seal(scan);
  const tx = (await database()).transaction("outbox", "readwrite", { durability: "strict" });
  await tx.store.put({ nonce: scan.nonce, station, at: scan.at, taken: scan.taken ?? false, ...sealed });
  await tx.done;
}

/** The scans that were kept, in the order of their time. */
export async function keptScans(station) {
  const rows = (await (await database()).getAll("outbox")).filter((row) => row.station === station);
  rows.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  return Promise.all(rows.map(unseal));
}

export async function dropScans(nonces) {
  const tx = (await database()).transaction("outbox", "readwrite", { durability: "strict" });
  await Promise.all(nonces.map((nonce) => tx.store.delete(nonce)));
  await tx.done;
}
