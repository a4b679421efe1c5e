// What allauth's passkey script leaves out: its buttons appear only where a script runs, and what
// fails is told in the page.
document.addEventListener('DOMContentLoaded', () => {
  for (const part of document.querySelectorAll('[data-passkey]')) part.hidden = false
})
document.addEventListener('allauth.error', () => {
  document.getElementById('passkey_failed').hidden = false
})
