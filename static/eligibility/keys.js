// Review by keyboard: a key finds the link or the act that names it (data-key), a number the choice of
// that number in the act that is open. Nothing here is needed: all of it can be clicked.
const cases = [...document.querySelectorAll("[data-case]")];
const dialog = document.querySelector("#keys");
const switched = dialog.querySelector("[data-keys-on]");
const OFF = "review-keys-off";
const PATIENCE = 700; // milliseconds in which two digits are one number
let digits = "";
let digitsAt = 0;

const typing = (element) =>
  element.isContentEditable || element.matches("textarea, select, input:not([type=radio], [type=checkbox])");

function step(by) {
  const here = cases.indexOf(document.activeElement);
  const next = here < 0 ? 0 : Math.min(Math.max(here + by, 0), cases.length - 1);
  cases[next]?.focus();
}

// where the keys of an act lead first: its choices, else its button (Enter presses it)
function open(act) {
  if (act instanceof HTMLDetailsElement) act.open = true;
  const first = act.querySelector("input[type=radio], input[type=checkbox], textarea");
  const target = act instanceof HTMLDetailsElement ? first : act.querySelector("form button");
  target?.focus();
  act.scrollIntoView({ block: "nearest" });
}

const current = () =>
  document.activeElement.closest("[data-key]") ??
  document.querySelector("details[data-key][open]") ??
  document.querySelector("[data-key='a']");

function choose(digit, time) {
  const choices = current()?.querySelectorAll("input[type=radio], input[type=checkbox]") ?? [];
  const both = time - digitsAt < PATIENCE ? digits + digit : digit;
  digits = Number(both) <= choices.length ? both : digit;
  digitsAt = time;
  const choice = choices[Number(digits) - 1];
  if (!choice) return;
  const folded = choice.closest("details:not([open])");
  if (folded) folded.open = true;
  choice.focus();
  if (choice.type === "checkbox" || !choice.checked) choice.click();
}

function act(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "?") return dialog.showModal();
  if (/^\d$/.test(key)) return choose(key, event.timeStamp);
  if (cases.length && (key === "j" || key === "ArrowDown")) return step(1);
  if (cases.length && (key === "k" || key === "ArrowUp")) return step(-1);
  if (key === "n") return current()?.querySelector("textarea")?.focus();
  const named = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!named) return false;
  return named instanceof HTMLAnchorElement ? named.click() : open(named);
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.metaKey || dialog.open) return;
  if (event.key === "Enter" && event.ctrlKey) {
    event.target.form?.requestSubmit();
    return;
  }
  if (event.ctrlKey || localStorage.getItem(OFF)) return;
  if (event.key === "Escape" && typing(event.target)) event.target.blur();
  if (typing(event.target)) return;
  // arrows move between radio buttons too
  if (event.key.startsWith("Arrow") && event.target.matches("input")) return;
  if (act(event) !== false) event.preventDefault();
});

switched.checked = !localStorage.getItem(OFF);
switched.addEventListener("change", () => {
  if (switched.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
});
const opener = document.querySelector("[data-keys-open]");
opener.hidden = false;
opener.addEventListener("click", () => dialog.showModal());
