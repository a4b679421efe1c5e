// The county of the hukou: the one long list becomes a search, and province, city and county.
// Without JavaScript the long list itself, grouped by province and city, does.
import { chooseBySearch } from "./county_search.js";

const list = document.querySelector("select[data-cascade]");
if (list) cascade(list);

function cascade(list) {
  const places = new Map(); // province → city → options
  const blank = list.options[0];
  for (const group of list.querySelectorAll("optgroup")) {
    const [province, city = province] = group.label.split(" ");
    if (!places.has(province)) places.set(province, new Map());
    places.get(province).set(city, [...group.children]);
  }

  const province = select(list.dataset.province, () => {
    fillCities();
    fillCounties();
  });
  const city = select(list.dataset.city, () => fillCounties());

  function select(label, onchange) {
    const made = document.createElement("select");
    made.setAttribute("aria-label", label);
    made.addEventListener("change", onchange);
    return made;
  }

  function fill(made, names) {
    const first = new Option(made.getAttribute("aria-label"), "");
    made.replaceChildren(first, ...names.map((name) => new Option(name, name)));
  }

  function fillCities() {
    const names = [...(places.get(province.value) ?? new Map()).keys()];
    fill(city, names);
    if (names.length === 1) city.value = names[0];
  }

  function fillCounties() {
    const options = places.get(province.value)?.get(city.value) ?? [];
    list.replaceChildren(blank, ...options);
    if (!options.some((option) => option.selected)) list.value = "";
  }

  // Show a county of today by all three lists; a former one stands in the last list alone.
  function choose(code, label) {
    for (const [there, cities] of places) {
      for (const [town, options] of cities) {
        if (!options.some((option) => option.value === code)) continue;
        province.value = there;
        fillCities();
        city.value = town;
        fillCounties();
        list.value = code;
        return;
      }
    }
    province.value = "";
    fillCities();
    list.replaceChildren(blank, new Option(label, code, true, true));
  }

  const { value, selectedOptions } = list;
  const label = selectedOptions[0]?.text;
  fill(province, [...places.keys()]);
  fillCities();
  if (value) choose(value, label);
  else fillCounties();
  const box = document.createElement("div");
  box.className = "cascade";
  list.before(box);
  box.append(chooseBySearch(list.dataset, choose), province, city, list);
}
