// A USB or Bluetooth scanner types like a very quick hand, wherever the focus is and whatever input
// method is on. What it types goes to the box; in another field it is taken out again.
const QUICK = 50; // ms between two keys of a scanner at most
const SHIFTED = { Semicolon: ":", Minus: "_" };
const PLAIN = { Semicolon: ";", Minus: "-" };
const OURS = /^QYZ1:[A-Z2-7]{100,}$/i;

/** The letter of a key by its place, for when an input method hides it. */
function letter({ key, code, shiftKey }) {
  if (key.length === 1) return key;
  if (key !== "Process" && key !== "Unidentified") return "";
  if (/^Key[A-Z]$/.test(code)) return code.at(-1);
  if (/^(Digit|Numpad)\d$/.test(code)) return code.at(-1);
  return (shiftKey ? SHIFTED : PLAIN)[code] ?? "";
}

/** Call `onCode` with what is typed and ended by Enter; `box` shows it meanwhile. */
export function listen({ box, onCode }) {
  let quick = "";
  let last = 0;

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const now = event.timeStamp; // when it was typed: a busy page may see it later
      if (now - last > QUICK) quick = "";
      last = now;
      if (event.key === "Enter") return finish(event);
      const typed = letter(event);
      quick += typed;
      const elsewhere = event.target.matches("input, textarea, select") && event.target !== box;
      if (typed && typed !== " " && event.target !== box && !elsewhere) box.focus();
    },
    true,
  );

  function finish(event) {
    const scanned = quick;
    quick = "";
    if (!OURS.test(scanned)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.target === box) box.value = "";
    else if ("value" in event.target) takeOut(event.target, scanned);
    onCode(scanned);
  }
}

function takeOut(field, scanned) {
  const at = field.value.toUpperCase().lastIndexOf(scanned.toUpperCase());
  if (at < 0) return;
  field.value = field.value.slice(0, at) + field.value.slice(at + scanned.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
