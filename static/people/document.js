// A resident number carries the date of birth and the sex: fill them in where they are still empty.
const { doc_type: kind, doc_number: number, birth_date: born, sex } = document.forms.person.elements;
const CARRIES = new Set(["resident_id", "hmt_residence_permit"]);

number.addEventListener("change", () => {
  const digits = number.value.replace(/[\s-]/g, "");
  const found = /^\d{6}(\d{4})(\d{2})(\d{2})\d{2}(\d)[\dXx]$/.exec(digits);
  if (!found || !CARRIES.has(kind.value)) return;
  const [, year, month, day, order] = found;
  if (!born.value) born.value = `${year}-${month}-${day}`;
  if (!sex.value) sex.value = Number(order) % 2 ? "men" : "women";
});
