// Short messages in a corner. They go by themselves, but not under the pointer or the focus, and errors stay.

const LASTS = 6000;
const ICONS = { good: "circle-check", bad: "alert-circle", warn: "alert-triangle", run: "info-circle" };

function leaveLater(note) {
  if ("stays" in note.dataset) return;
  setTimeout(() => {
    if (note.matches(":hover, :focus-within")) leaveLater(note);
    else note.remove();
  }, LASTS);
}

export function toast(text, tone = "run") {
  const template = document.querySelector("[data-toast-template]");
  const region = document.querySelector("[data-toasts]");
  if (!template || !region) return;
  const note = template.content.firstElementChild.cloneNode(true);
  note.className = `toast-note tone-${tone}`;
  note.setAttribute("role", tone === "bad" ? "alert" : "status");
  note.querySelector("use").setAttribute("href", `#i-${ICONS[tone] ?? ICONS.run}`);
  note.querySelector(".toast-text").textContent = text;
  if (tone === "bad") note.dataset.stays = "";
  region.append(note);
  leaveLater(note);
}

function sentenceFor(xhr) {
  const said = xhr.getResponseHeader("X-Problem");
  if (said) return decodeURIComponent(said);
  if (xhr.status === 409) return "Somebody was faster: this has changed meanwhile. The page shows the new state after a reload.";
  if (xhr.status === 403) return "You may not do this, or your session has ended. Sign in again and repeat it.";
  if (xhr.status === 404) return "This is no longer there.";
  return `The server could not do this (${xhr.status}). Nothing was changed. Try again.`;
}

export function start() {
  document.querySelectorAll("[data-toast]").forEach(leaveLater);
  document.addEventListener("click", (event) => event.target.closest("[data-close-toast]")?.closest("[data-toast]")?.remove());
  document.body.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.tone));
  document.body.addEventListener("htmx:responseError", (event) => {
    if (!event.detail.elt?.hasAttribute?.("data-live")) toast(sentenceFor(event.detail.xhr), "bad");
  });
  document.body.addEventListener("htmx:sendError", (event) => {
    if (!event.detail.elt?.hasAttribute?.("data-live")) toast("The server does not answer. Nothing was sent.", "bad");
  });
}
