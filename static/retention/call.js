// A call by keyboard: a key chooses the answer, the part of the page or the link that names it
// (data-key), Enter sends. Nothing here is needed: all of it can be clicked.
const dialog = document.querySelector("#keys");
const switched = dialog.querySelector("[data-keys-on]");
const form = document.querySelector("#call");
const back = form?.elements.call_back_at;
const OFF = "review-keys-off"; // one switch for all pages that have keys

const typing = (element) =>
  element.isContentEditable || element.matches("textarea, select, input:not([type=radio], [type=checkbox])");

function open(part) {
  part.open = true;
  part.querySelector("input:not([type=hidden]), select")?.focus();
}

// What is written is sent: in a part with a button of its own (passing on), by that one.
function send(element) {
  element.form?.requestSubmit(element.closest("details")?.querySelector("button"));
}

function choose(label) {
  const choice = label.querySelector("input");
  choice.checked = true;
  choice.focus();
  if (choice.value === "call_back") back.focus(); // Enter there sends too
}

function act(key) {
  if (key === "?") return dialog.showModal();
  const named = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!named) return false;
  if (named instanceof HTMLAnchorElement) return named.click();
  return named instanceof HTMLDetailsElement ? open(named) : choose(named);
}

// Enter outside of what takes it itself sends too: where nothing is chosen, the answer says so.
const takesEnter = (element) => element.matches("a, button, input, select, textarea, summary");

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.metaKey || dialog.open) return;
  if (event.key === "Enter" && event.ctrlKey) return send(event.target);
  if (event.key === "Enter" && !takesEnter(event.target)) return form?.requestSubmit();
  if (event.ctrlKey || localStorage.getItem(OFF)) return;
  if (event.key === "Escape" && typing(event.target)) event.target.blur();
  if (typing(event.target) || event.key.length !== 1) return;
  if (act(event.key.toLowerCase()) !== false) event.preventDefault();
});

switched.checked = !localStorage.getItem(OFF);
switched.addEventListener("change", () => {
  if (switched.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
});
const opener = document.querySelector("[data-keys-open]");
opener.hidden = false;
opener.addEventListener("click", () => dialog.showModal());
