// Several papers in one go, each with its progress and its own answer. Without JavaScript the same
// form sends them together. Pressing again sends what is chosen again: what has arrived stays one.
const form = document.querySelector("form[data-upload]");
const list = form?.querySelector("[data-uploads]");

function row(file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const bar = document.createElement("progress");
  const said = document.createElement("strong");
  name.textContent = file.name;
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  item.append(name, bar, said);
  list.append(item);
  return { item, bar, said };
}

function send(file, shown) {
  const data = new FormData(form);
  data.delete("file");
  data.append("file", file);
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", location.pathname);
    request.responseType = "document";
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) shown.bar.value = event.loaded / event.total;
    };
    request.onerror = () => done({ problem: form.dataset.lost });
    request.onload = () => done(read(request.response));
    request.send(data);
  });
}

// The page that comes back says it all: the sentence beside the field, or none.
function read(page) {
  const error = page?.querySelector("#id_file_error .error span");
  return page ? { page, problem: error?.textContent ?? "" } : { problem: form.dataset.lost };
}

form?.addEventListener("submit", async (event) => {
  const files = [...form.elements.file.files];
  if (!files.length) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  list.replaceChildren();
  let failed = 0;
  for (const file of files) {
    const shown = row(file);
    const { problem } = await send(file, shown);
    shown.bar.value = 1;
    shown.bar.hidden = true;
    shown.said.textContent = problem || form.dataset.kept;
    shown.item.className = problem ? "bad" : "good";
    failed += Boolean(problem);
  }
  button.disabled = false;
  if (!failed) location.assign(location.pathname);
});
