// A box to find a county by name, pinyin or initials (an ARIA combobox with a list of answers).
const PAUSE = 200; // milliseconds after the last key

export function chooseBySearch(words, choose) {
  const box = document.createElement("div");
  const input = document.createElement("input");
  const answers = document.createElement("ul");
  box.className = "search";
  answers.id = "county-answers";
  answers.setAttribute("role", "listbox");
  answers.hidden = true;
  input.type = "search";
  input.placeholder = words.search;
  input.autocomplete = "off";
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-label": words.search,
    "aria-controls": answers.id,
    "aria-expanded": "false",
    "aria-autocomplete": "list",
  }))
    input.setAttribute(name, value);
  box.append(input, answers);

  let timer = 0;
  let asked = 0;
  let at = -1;

  function show(found) {
    at = -1;
    answers.replaceChildren(...(found.length ? found.map(answer) : [nothing()]));
    open(true);
  }

  function open(yes) {
    answers.hidden = !yes;
    input.setAttribute("aria-expanded", String(yes));
    if (!yes) input.removeAttribute("aria-activedescendant");
  }

  function answer({ code, label }, number) {
    const item = document.createElement("li");
    item.id = `county-answer-${number}`;
    item.setAttribute("role", "option");
    item.textContent = label;
    item.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
    item.addEventListener("click", () => {
      choose(code, label);
      input.value = "";
      open(false);
    });
    return item;
  }

  function nothing() {
    const item = document.createElement("li");
    item.className = "hint";
    item.textContent = words.none;
    return item;
  }

  function move(step) {
    const items = [...answers.querySelectorAll("[role=option]")];
    if (!items.length) return;
    at = (at + step + items.length) % items.length;
    items.forEach((item, number) => item.setAttribute("aria-selected", String(number === at)));
    items[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[at].id);
  }

  async function ask() {
    const number = ++asked;
    const query = input.value.trim();
    if (!query) return open(false);
    try {
      const response = await fetch(`/regions/?q=${encodeURIComponent(query)}`);
      const { found } = await response.json();
      if (number === asked) show(found);
    } catch {
      if (number === asked) open(false); // the lists below still do
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("blur", () => open(false));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") open(false);
    else if (event.key === "Enter" && !answers.hidden)
      answers.querySelectorAll("[role=option]")[Math.max(at, 0)]?.click();
    else return;
    event.preventDefault();
  });
  return box;
}
