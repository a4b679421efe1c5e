// Ask only what the chosen proof needs.
const form = document.querySelector("form[data-step]");
const { degree_proof: proof, chsi_code, chsi_until, certificate_number } = form.elements;
const NEEDED = [
  [chsi_code, "chsi"],
  [chsi_until, "chsi"],
  [certificate_number, "foreign"],
];

function show() {
  for (const [field, kind] of NEEDED) field.closest(".field").hidden = proof.value !== kind;
}

form.addEventListener("change", show);
show();
