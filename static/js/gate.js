// The page of a gate: rows of a request, an anchor taken from a line or a file, a refused form shown again.

function addRow(button) {
  const form = button.closest("form");
  const rows = form.querySelector("[data-rows]");
  const fresh = form.querySelector("[data-row-template]").content.cloneNode(true);
  rows.append(fresh);
  const row = rows.lastElementChild;
  window.htmx?.process(row);
  row.querySelector("textarea")?.focus();
  return row;
}

// Opens "Request changes" with a row whose anchor is this place.
function ask(anchor) {
  const box = document.getElementById("dialog-changes");
  const button = box?.querySelector("[data-add-row]");
  if (!button) return;
  const free = [...box.querySelectorAll("[data-item-row]")].find((row) => ["item_text", "item_anchor"].every((name) => !row.querySelector(`[name=${name}]`).value));
  if (!box.open) box.showModal();
  const row = free ?? addRow(button);
  const field = row.querySelector("[name=item_anchor]");
  field.value = anchor;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  row.querySelector("textarea").focus();
}

function lineAnchor(cell) {
  const path = cell.closest("section[aria-label]")?.getAttribute("aria-label");
  const numbers = [...cell.closest("tr").querySelectorAll(".ln")].map((one) => one.textContent.trim()).filter(Boolean);
  return path && numbers.length ? `${path}:${numbers[numbers.length - 1]}` : "";
}

export function start() {
  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest("[data-add-row]")) addRow(target.closest("[data-add-row]"));
    const named = target.closest("[data-anchor]");
    if (named) ask(named.dataset.anchor);
    const cell = target.closest("[data-anchor-lines] .ln");
    const anchor = cell && lineAnchor(cell);
    if (anchor) ask(anchor);
  });
  document.querySelector("dialog [data-open-now]")?.closest("dialog").showModal();
}
