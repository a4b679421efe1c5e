// What the document itself says need not be typed: some numbers carry the date of birth and the sex.
const form = document.querySelector("form[data-step]").elements;
const { doc_type: kind, doc_number: number, birth_date: born, sex, doc_until: until } = form;
const CARRIES = {
  resident_id: /^[1-6]\d{5}(\d{4})(\d{2})(\d{2})\d{2}(\d)[\dXx]$/,
  hmt_residence_permit: /^8[123]0000(\d{4})(\d{2})(\d{2})\d{2}(\d)[\dXx]$/,
  foreign_permanent_resident: /^9\d{5}(\d{4})(\d{2})(\d{2})\d{2}(\d)[\dXx]$/,
};

function read() {
  const found = CARRIES[kind.value]?.exec(number.value.replace(/[\s-]/g, ""));
  if (!found) return;
  const [, year, month, day, order] = found;
  if (!born.value) born.value = `${year}-${month}-${day}`;
  if (!sex.value) sex.value = Number(order) % 2 ? "men" : "women";
}

function endless() {
  until.closest(".field").hidden = form.long_term.checked;
}

// where a bed is held for somebody, these are not asked for
number?.addEventListener("change", read);
kind?.addEventListener("change", read);
form.long_term.addEventListener("change", endless);
endless();
