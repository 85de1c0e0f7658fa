// The phase rail scrolls to the phase whose gate is open, and the tabs to the one that is chosen.

function centre() {
  for (const strip of document.querySelectorAll("[data-rail], [data-tabs]")) {
    const current = strip.querySelector("[data-current], [aria-current]");
    if (!current || strip.scrollWidth <= strip.clientWidth) continue;
    const offset = current.getBoundingClientRect().left - strip.getBoundingClientRect().left;
    strip.scrollLeft += offset - (strip.clientWidth - current.clientWidth) / 2;
  }
}

// Tabs exchange a region without a reload; the mark of the chosen one moves at once.
function choose(event) {
  const tab = event.target.closest("[data-tabs] a[hx-get]");
  if (!tab) return;
  for (const other of tab.closest("[data-tabs]").querySelectorAll("a")) other.removeAttribute("aria-current");
  tab.setAttribute("aria-current", "page");
}

export function start() {
  centre();
  document.addEventListener("click", choose);
}
