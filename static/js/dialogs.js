// Dialogs, menus, and one question before what can't be undone.

function openDialog(id) {
  const box = document.getElementById(id);
  if (box instanceof HTMLDialogElement && !box.open) box.showModal();
}

function ask(element) {
  const box = document.getElementById("confirm");
  box.querySelector("[data-confirm-text]").textContent = element.dataset.confirm;
  box.querySelector("[data-confirm-title]").textContent = element.dataset.confirmTitle ?? "Are you sure?";
  const yes = box.querySelector("[data-confirm-button]");
  yes.textContent = element.dataset.confirmYes ?? "Continue";
  yes.className = `btn ${"confirmBad" in element.dataset ? "btn-bad" : "btn-primary"}`;
  box.returnValue = "no";
  box.showModal();
  return new Promise((resolve) => box.addEventListener("close", () => resolve(box.returnValue === "yes"), { once: true }));
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

export function start() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open-dialog]");
    if (opener) openDialog(opener.dataset.openDialog);
    if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog").close();
    if (event.target.matches?.("dialog.modal-box")) {
      const edge = event.target.getBoundingClientRect();
      const outside = event.clientX < edge.left || event.clientX > edge.right || event.clientY < edge.top || event.clientY > edge.bottom;
      if (outside && event.detail > 0) event.target.close();
    }
    closeMenus(opener ? undefined : event.target.closest("details[data-menu]"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-menu][open]");
    closeMenus();
    menu?.querySelector("summary").focus();
  });
  // Forms of the browser, and requests of htmx, wait for the same dialog.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const source = event.submitter?.dataset.confirm ? event.submitter : form;
    if (!source.dataset.confirm || form.dataset.confirmed === "yes" || form.hasAttribute("hx-post")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!(await ask(source))) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter ?? undefined);
    delete form.dataset.confirmed;
  }, true);
  document.body.addEventListener("htmx:confirm", async (event) => {
    const source = event.detail.elt;
    const submitter = event.detail.triggeringEvent?.submitter;
    const asker = submitter?.dataset.confirm ? submitter : source;
    if (!asker.dataset?.confirm) return;
    event.preventDefault();
    if (await ask(asker)) event.detail.issueRequest(true);
  });
}
