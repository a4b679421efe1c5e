// The board by pointer and by keyboard. Without it each stay opens its page, where a form does the same.
const board = document.querySelector("[data-board]");
const form = document.querySelector("[data-move]");
const sure = document.querySelector("[data-sure]");
const told = document.querySelector("[data-told]");
const rows = [...board.querySelectorAll("tr[data-bed]")];
const FAR = 6; // pixels after which a press is a drag
const LONG = 300; // milliseconds after which a finger holds a stay, and does not scroll

let carried = null; // { bar, row, x, y, ghost }
let aim = null;

function point(row) {
  aim?.classList.remove("aim");
  aim = row;
  aim?.classList.add("aim");
}

function send(bar, row) {
  const home = bar.closest("tr[data-bed]");
  if (!row || row === home) return;
  form.elements.stay.value = bar.dataset.stay;
  form.elements.seen.value = home.dataset.bed;
  form.elements.to.value = row.dataset.bed;
  if (bar.dataset.status !== "arrived") return form.submit();
  sure.querySelector("[data-yes]").onclick = () => {
    form.elements.sure.value = "on";
    form.submit();
  };
  sure.querySelector("[data-no]").onclick = () => sure.close();
  return sure.showModal();
}

function take(bar) {
  const ghost = bar.cloneNode(true);
  ghost.classList.add("ghost");
  ghost.removeAttribute("href");
  document.body.append(ghost);
  bar.classList.add("carried");
  carried.ghost = ghost;
}

function drop(row) {
  const { bar, ghost } = carried;
  ghost?.remove();
  bar.classList.remove("carried");
  carried = null;
  point(null);
  if (ghost) send(bar, row);
}

board.addEventListener("pointerdown", (event) => {
  const bar = event.target.closest("a.bar");
  if (!bar || event.button || bar.dataset.status === "left") return;
  carried = { bar, x: event.clientX, y: event.clientY, touch: event.pointerType === "touch" };
  if (carried.touch) carried.hold = setTimeout(() => carried && take(bar), LONG);
});

addEventListener("pointermove", (event) => {
  if (!carried) return;
  const far = Math.hypot(event.clientX - carried.x, event.clientY - carried.y) > FAR;
  if (!carried.ghost && far) {
    if (carried.touch) {
      clearTimeout(carried.hold); // the finger scrolls
      carried = null;
      return;
    }
    take(carried.bar);
  }
  if (!carried.ghost) return;
  carried.ghost.style.transform = `translate(${event.clientX + 8}px, ${event.clientY + 8}px)`;
  point(document.elementFromPoint(event.clientX, event.clientY)?.closest("tr[data-bed]") ?? null);
});

addEventListener("pointerup", () => {
  if (!carried) return;
  clearTimeout(carried.hold);
  drop(aim);
});
addEventListener("pointercancel", () => carried && drop(null));
// while a stay is held the page does not scroll, and letting go is not a click
addEventListener("touchmove", (event) => carried?.ghost && event.preventDefault(), { passive: false });
board.addEventListener("dragstart", (event) => event.preventDefault());
board.addEventListener("contextmenu", (event) => carried?.touch && event.preventDefault());
let dragged = false;
addEventListener(
  "pointerup",
  () => {
    dragged = Boolean(document.querySelector(".ghost"));
    setTimeout(() => (dragged = false)); // the click that follows comes first
  },
  true,
);
board.addEventListener("click", (event) => dragged && event.preventDefault(), true);

// by keyboard: the space bar picks up, the arrows choose the bed, Enter puts it there
let held = null;
const say = (words) => (told.textContent = words);

board.addEventListener("keydown", (event) => {
  const bar = event.target.closest("a.bar");
  if (!bar) return;
  if (event.key === " " && !held && bar.dataset.status !== "left") {
    held = bar;
    bar.classList.add("carried");
    point(bar.closest("tr"));
    say(board.dataset.picked);
  } else if (held && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const next = rows.indexOf(aim) + (event.key === "ArrowDown" ? 1 : -1);
    point(rows[Math.min(Math.max(next, 0), rows.length - 1)]);
    aim.scrollIntoView({ block: "nearest" });
    say(`${board.dataset.over} ${aim.dataset.name}`);
  } else if (held && (event.key === "Enter" || event.key === "Escape" || event.key === "Tab")) {
    held.classList.remove("carried");
    if (event.key === "Enter") send(held, aim);
    else say(board.dataset.left);
    held = null;
    point(null);
    if (event.key === "Tab") return;
  } else return;
  event.preventDefault();
});
