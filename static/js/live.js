// Keeps the page true: fragments marked data-live are re-read through htmx when the server says they changed.
import { LiveTopic } from "./socket.js";

const WORDS = { live: "Live", connecting: "Connecting", lost: "Not live: reconnecting", signedOut: "Not live: sign in again", refused: "Not live" };
const RANK = ["signedOut", "refused", "lost", "connecting", "live"];
const states = new Map();
const topics = new Map();

function show() {
  const worst = RANK.find((name) => [...states.values()].includes(name));
  for (const place of document.querySelectorAll("[data-connection]")) {
    const words = worst ? WORDS[worst] : "";
    if (place.textContent !== words) place.textContent = words; // a live region: speak only when it is another word
    place.dataset.state = worst === "signedOut" || worst === "refused" ? "lost" : worst ?? "";
  }
}

function changed(ids) {
  for (const id of ids) {
    const region = document.getElementById(id);
    if (region?.hasAttribute("data-live")) htmx.trigger(region, "live:changed");
  }
}

function reread() {
  // An outer region brings its inner ones along.
  for (const region of document.querySelectorAll("[data-live]")) {
    if (!region.parentElement.closest("[data-live]")) htmx.trigger(region, "live:changed");
  }
}

// The badge stands in both navigations; the one of the header is live, the other follows.
function copyBadge() {
  const live = document.querySelector("#inbox-badge [data-inbox-count]");
  for (const badge of live ? document.querySelectorAll("[data-inbox-count]") : []) {
    if (badge === live || badge.dataset.count === live.dataset.count) continue;
    badge.dataset.count = live.dataset.count;
    badge.replaceChildren(...[...live.childNodes].map((node) => node.cloneNode(true)));
  }
}

function follow() {
  const wanted = new Map();
  for (const element of document.querySelectorAll("[data-live-topic]")) {
    if (element.dataset.liveTopic) wanted.set(element.dataset.liveTopic, Number(element.dataset.liveSeq) || 0);
  }
  for (const [topic, socket] of topics) {
    if (wanted.has(topic)) continue;
    socket.leave();
    topics.delete(topic);
    states.delete(topic);
  }
  for (const [topic, after] of wanted) {
    if (topics.has(topic)) continue;
    const state = (name) => { states.set(topic, name); show(); };
    const socket = new LiveTopic({ topic, after, changed, reread, state });
    topics.set(topic, socket);
    socket.connect();
  }
  show();
}

// Morphing keeps what belongs to the person who looks: an opened fold, a dialog, a moved graph,
// the field that has the focus.
function keepWhatIsOpen() {
  if (!window.Idiomorph) return;
  Idiomorph.defaults.ignoreActiveValue = true;
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) =>
    !(name === "open" && (node.localName === "details" || node.localName === "dialog")) &&
    !((name === "viewBox" || name === "data-moved") && node.hasAttribute("data-moved"));
}

export function start() {
  if (!window.htmx) return;
  // Pages of a gate do not belong into the browser's storage: going back reads the page anew.
  htmx.config.historyCacheSize = 0;
  htmx.config.refreshOnHistoryMiss = true;
  keepWhatIsOpen();
  follow();
  document.body.addEventListener("htmx:afterSettle", () => { follow(); copyBadge(); });
  addEventListener("online", () => topics.forEach((socket) => socket.hurry()));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) topics.forEach((socket) => socket.hurry());
  });
  addEventListener("pageshow", (event) => event.persisted && topics.forEach((socket) => socket.drop()));
}
