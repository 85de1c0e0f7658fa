// Relative times stay fresh, exact times stand in the title in the reader's own zone, countdowns count.

const STEPS = [[60, 1, "s"], [3600, 60, "min"], [86400, 3600, "h"], [Infinity, 86400, "d"]];
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export function relative(seconds) {
  const size = Math.abs(seconds);
  if (size < 5) return "just now";
  const [, unit, name] = STEPS.find(([limit]) => size < limit);
  const words = `${Math.floor(size / unit)} ${name}`;
  return seconds > 0 ? `${words} ago` : `in ${words}`;
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function refresh(root = document) {
  for (const element of root.querySelectorAll("time[data-relative]")) {
    const moment = new Date(element.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    set(element, relative((Date.now() - moment) / 1000));
    const exact = EXACT.format(moment);
    if (element.title !== exact) element.title = exact;
  }
}

function count() {
  for (const element of document.querySelectorAll("[data-countdown]")) {
    const left = Math.max(0, Math.ceil((new Date(element.dataset.countdown) - Date.now()) / 1000));
    set(element, `${left} s`);
    if (left === 0) element.closest("[data-undo]")?.querySelectorAll("button").forEach((button) => { button.disabled = true; });
  }
}

export function start() {
  refresh();
  count();
  setInterval(refresh, 10_000);
  setInterval(count, 250);
  document.body.addEventListener("htmx:afterSettle", () => { refresh(); count(); });
}
