// Forms: sent once, a file dropped in, something copied.
import { toast } from "./toasts.js";

const TYPES = /\.(txt|md|markdown)$/i;

function guard(event) {
  const form = event.target;
  if (form.method === "dialog" || event.defaultPrevented) return;
  if (form.dataset.sent === "yes") { event.preventDefault(); event.stopImmediatePropagation(); return; }
  if (form.method.toLowerCase() !== "post") return;
  form.dataset.sent = "yes";
  // Disabled only after the browser has collected the fields, or the pressed button's value would be lost.
  setTimeout(() => form.querySelectorAll("button:not([type=button])").forEach((button) => {
    if (button.disabled) return;
    button.disabled = true;
    button.dataset.busy = "";
  }));
}

function release(root) {
  for (const form of root.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("button[data-busy]").forEach((button) => { button.disabled = false; delete button.dataset.busy; });
  }
}

function size(bytes) {
  return bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(1)} KB`;
}

async function take(drop, file) {
  const line = drop.querySelector("[data-drop-name]");
  const limit = Number(drop.dataset.limit);
  const wrong = !TYPES.test(file.name) ? "is not a .txt or .md file" : file.size > limit ? `is larger than ${size(limit)}` : file.size === 0 ? "is empty" : "";
  line.toggleAttribute("data-bad", Boolean(wrong));
  line.textContent = wrong ? `${file.name} (${size(file.size)}) ${wrong}.` : `${file.name}, ${size(file.size)}`;
  if (wrong) { drop.querySelector("input").value = ""; return; }
  const target = drop.dataset.into && document.getElementById(drop.dataset.into);
  if (target) { target.value = await file.text(); target.dispatchEvent(new Event("input", { bubbles: true })); }
}

function dropped(event) {
  const drop = event.target.closest?.("[data-drop]");
  if (!drop) return;
  event.preventDefault();
  drop.toggleAttribute("data-over", event.type === "dragover");
  if (event.type !== "drop" || event.dataTransfer.files.length === 0) return;
  drop.querySelector("input").files = event.dataTransfer.files;
  take(drop, event.dataTransfer.files[0]);
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.dataset.done = "";
    button.querySelector("use")?.setAttribute("href", "#i-check");
    setTimeout(() => { delete button.dataset.done; button.querySelector("use")?.setAttribute("href", "#i-copy"); }, 1500);
    toast("Copied.", "good");
  } catch {
    toast("The browser does not let this page copy. Select the text instead.", "warn");
  }
}

export function start() {
  document.addEventListener("submit", guard);
  addEventListener("pageshow", () => release(document));
  document.body.addEventListener("htmx:afterRequest", () => release(document));
  for (const name of ["dragover", "dragleave", "drop"]) document.addEventListener(name, dropped);
  document.addEventListener("change", (event) => {
    const drop = event.target.closest("[data-drop]");
    if (drop && event.target.files?.[0]) take(drop, event.target.files[0]);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
  });
  document.body.addEventListener("htmx:configRequest", (event) => {
    const key = event.detail.parameters.idempotency_key;
    if (key) event.detail.headers["Idempotency-Key"] = key;
  });
}
