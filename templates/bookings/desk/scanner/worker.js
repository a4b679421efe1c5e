// Keeps the scan page on the device, so that it opens without a network. No data passes through here.
{% autoescape off %}const FILES = {{ files }};
const CACHE = "desk-{{ version }}";{% endautoescape %}
const PAGE = /^\/desk\/[\w-]+\/scanner\/$/;
const PATIENCE = 3000;

const fresh = async (url) => {
  const answer = await fetch(url, { cache: "no-cache" });
  if (!answer.ok || answer.redirected) throw new Error(`${url} answered ${answer.status}`);
  return answer;
};

/** The pages kept by the worker before this one, fetched anew: a page goes with its files. */
async function renew(cache) {
  for (const name of await caches.keys()) {
    for (const { url } of (await (await caches.open(name)).keys()).filter(isPage)) {
      await cache.put(url, await fresh(url));
    }
  }
}

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  await renew(cache).catch(() => {}); // signed out: the page is kept when it is next opened
}

const isPage = ({ url }) => PAGE.test(new URL(url).pathname);

/** The former files go when the new ones have their page. */
async function activate() {
  const kept = await (await caches.open(CACHE)).keys();
  if (kept.some(isPage)) await dropFormer();
  await self.clients.claim();
}

async function dropFormer() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
}

async function keep(path, answer) {
  await (await caches.open(CACHE)).put(path, answer);
  await dropFormer();
}

async function page(request) {
  const { pathname } = new URL(request.url);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status >= 500) throw new Error("no server");
    if (answer.ok && !answer.redirected && PAGE.test(pathname)) await keep(pathname, answer.clone());
    return answer;
  } catch {
    return (await caches.match(pathname)) ?? (await another());
  }
}

/** The scan page in place of a page that cannot be had now. */
async function another() {
  for (const name of await caches.keys()) {
    const some = (await (await caches.open(name)).keys()).find(isPage);
    if (some) return Response.redirect(some.url);
  }
  return Response.error();
}

const file = async (request) => (await caches.match(request)) ?? fetch(request);

self.addEventListener("install", (event) => event.waitUntil(install().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  // the page that registered this worker was opened before it
  event.waitUntil(fresh(event.data).then((answer) => keep(event.data, answer)));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && new URL(request.url).pathname.startsWith("/desk/")) {
    event.respondWith(page(request));
  } else if (FILES.includes(new URL(request.url).pathname)) {
    event.respondWith(file(request));
  }
});
