// A folded list of ticks says how many are ticked.
for (const folded of document.querySelectorAll("[data-ticked]")) {
  const tell = () => {
    folded.querySelector("[data-count]").textContent = folded.querySelectorAll("input:checked").length;
  };
  folded.addEventListener("change", tell);
  tell();
}
