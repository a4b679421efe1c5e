// The day's lists stay as they are in the database: asked every few seconds while the page is seen, and
// taken out of the page's own HTML when something has changed. The box above filters what is shown.
const EVERY = 5000;
const tools = document.querySelector("[data-day]");
const lists = document.getElementById("lists");
const when = tools.querySelector("[data-when]");
const box = tools.elements.q;
let asking = false;

function typing() {
  const at = document.activeElement;
  return lists.contains(at) && at.matches("input, select, textarea");
}

function clock() {
  return new Date().toLocaleTimeString("en-GB", { timeZone: "Asia/Shanghai" });
}

async function text(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error("not ours any more");
  return answer.text();
}

async function look() {
  if (asking || document.hidden || typing()) return;
  asking = true;
  try {
    const { version } = JSON.parse(await text(tools.dataset.changes));
    if (version !== lists.dataset.version) await renew();
    when.textContent = `${tools.dataset.updated} ${clock()}`;
  } catch {
    when.textContent = tools.dataset.stale;
  }
  asking = false;
}

async function renew() {
  // the address of the lists as they were asked for, also after a scan without JavaScript
  const asked = new URLSearchParams(location.search);
  const html = await text(`${tools.getAttribute("action")}?${asked}`);
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("lists");
  if (typing()) return;
  const link = lists.contains(document.activeElement) && document.activeElement.getAttribute("href");
  lists.replaceChildren(...fresh.childNodes);
  lists.dataset.version = fresh.dataset.version;
  if (link) lists.querySelector(`a[href="${CSS.escape(link)}"]`)?.focus();
}

function filter() {
  const words = box.value.trim().toLowerCase();
  for (const row of lists.querySelectorAll("tbody tr")) {
    row.hidden = !row.textContent.toLowerCase().includes(words);
  }
}

// what the server searched for stays as it was found: it knows whole names, the page only their mask
box.addEventListener("input", filter);
new MutationObserver(() => box.value !== box.defaultValue && filter()).observe(lists, {
  childList: true,
});
document.addEventListener("visibilitychange", look);
setInterval(look, EVERY);
