// The draft editor: forms in a dialog, words beside bad fields, undo and redo by keys.

const MIDDLE = "edit-middle";

function dialog() {
  return document.getElementById("edit-task");
}

// Where the person was: after the edit the same button (or the page's heading) has the focus again.
let from = "";

function swapProblems(event) {
  const { target, xhr } = event.detail;
  if (target?.id !== MIDDLE || ![403, 409, 422].includes(xhr.status)) return;
  // The answer is the form again with words, or what somebody else did meanwhile.
  event.detail.shouldSwap = true;
  event.detail.isError = false;
}

function opened(event) {
  const opener = event.target.closest('[data-open-dialog="edit-task"]');
  if (!opener) return;
  event.preventDefault(); // it is a link, for those without scripts
  from = opener.id;
}

function settled(event) {
  if (event.detail.target?.id !== MIDDLE) return;
  const middle = event.detail.target;
  const bad = middle.querySelector("[aria-invalid=true], .field-error");
  const field = bad?.matches("input, select, textarea") ? bad : bad?.closest(".field")?.querySelector("input, select, textarea");
  (field ?? middle.querySelector("input:not([type=hidden]), select, textarea, .btn"))?.focus();
}

function done(event) {
  const { elt, xhr, requestConfig } = event.detail;
  if (requestConfig?.verb !== "post" || xhr.status !== 204 || !elt.closest?.(`#${MIDDLE}`)) return;
  dialog().close();
}

function closed() {
  const middle = document.getElementById(MIDDLE);
  if (middle) middle.replaceChildren();
  document.getElementById(from)?.focus();
}

function press(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
  if (event.target.closest("input, textarea, select") || document.querySelector("dialog[open]")) return;
  const button = document.querySelector(`[data-edit-act="${event.shiftKey ? "redo" : "undo"}"]`);
  if (!button) return;
  event.preventDefault();
  if (!button.disabled) button.click();
}

export function start() {
  if (!dialog()) return;
  document.addEventListener("click", (event) => {
    opened(event);
    const close = event.target.closest("[data-close-edit]");
    if (close?.closest("dialog")) { event.preventDefault(); dialog().close(); }
  });
  document.body.addEventListener("htmx:beforeSwap", swapProblems);
  document.body.addEventListener("htmx:afterSettle", settled);
  document.body.addEventListener("htmx:afterRequest", done);
  document.addEventListener("keydown", press);
  dialog().addEventListener("close", closed);
}
