// The county of the hukou: the one long list becomes province, city and county.
// Without JavaScript the long list itself, grouped by province and city, does.
const list = document.querySelector("select[data-cascade]");
const places = new Map(); // province → city → options
const NONE = "";

for (const group of list.querySelectorAll("optgroup")) {
  const [province, city = province] = group.label.split(" ");
  if (!places.has(province)) places.set(province, new Map());
  places.get(province).set(city, [...group.children]);
}

function select(label, onchange) {
  const made = document.createElement("select");
  made.setAttribute("aria-label", label);
  made.addEventListener("change", onchange);
  return made;
}

function fill(made, first, names) {
  made.replaceChildren(new Option(first, NONE), ...names.map((name) => new Option(name, name)));
}

const blank = list.options[0];
const province = select(list.dataset.province, () => {
  fillCities();
  fillCounties();
});
const city = select(list.dataset.city, () => fillCounties());

function fillCities() {
  const names = [...(places.get(province.value) ?? new Map()).keys()];
  fill(city, list.dataset.city, names);
  if (names.length === 1) city.value = names[0];
}

function fillCounties() {
  const options = places.get(province.value)?.get(city.value) ?? [];
  list.replaceChildren(blank, ...options);
  if (!options.some((option) => option.selected)) list.value = NONE;
}

const chosen = list.selectedOptions[0]?.closest("optgroup");
const value = list.value;
fill(province, list.dataset.province, [...places.keys()]);
if (chosen) {
  const [there, town = there] = chosen.label.split(" ");
  province.value = there;
  fillCities();
  city.value = town;
} else {
  fillCities();
}
fillCounties();
list.value = value;
const cascade = document.createElement("div");
cascade.className = "cascade";
list.before(cascade);
cascade.append(province, city, list);
