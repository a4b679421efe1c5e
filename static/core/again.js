// A page that shows work being done asks again after so many seconds, while somebody looks at it.
const wait = Number(document.querySelector('meta[name="again"]').content) * 1000;

setInterval(() => {
  if (document.visibilityState === "visible") location.reload();
}, wait);
