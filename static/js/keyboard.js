// Single keys: j k Enter x in lists, g and a letter to go somewhere, ? for help. Can be switched off.
import { recall, remember } from "./store.js";

const PLACES = { h: 0, g: 1, i: 2, a: 3, p: 4 };
let after = "";

function isOn() {
  return document.body.dataset.keyboard !== "off" && recall("keyboard", "on") === "on";
}

function rows() {
  return [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
}

function move(step) {
  const all = rows();
  if (all.length === 0) return;
  const at = all.findIndex((row) => row.classList.contains("is-focused"));
  const next = all[Math.max(0, Math.min(all.length - 1, at + step))] ?? all[0];
  all.forEach((row) => row.classList.toggle("is-focused", row === next));
  const link = next.querySelector("[data-open], a[href]") ?? next;
  link.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function goTo(letter) {
  const link = document.querySelectorAll(".nav-main a")[PLACES[letter]];
  if (link) location.assign(link.href);
}

function press(event) {
  const inField = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (!isOn() || inField || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const row = document.querySelector("[data-row].is-focused");
  if (after === "g") {
    after = "";
    if (event.key in PLACES) { event.preventDefault(); goTo(event.key); }
    return;
  }
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "x" && row) row.querySelector("input[type=checkbox]")?.click();
  else if (event.key === "?") document.getElementById("keyboard-help")?.showModal();
  else if (event.key === "g") { after = "g"; setTimeout(() => { after = ""; }, 1200); }
  else if (event.key === "Enter" && row && event.target === row) row.querySelector("[data-open], a[href]")?.click();
  else return;
  event.preventDefault();
}

export function start() {
  document.addEventListener("keydown", press);
  const control = document.querySelector("[data-keyboard-switch]");
  if (!control) return;
  control.checked = isOn();
  control.addEventListener("change", () => remember("keyboard", control.checked ? "on" : "off"));
}
