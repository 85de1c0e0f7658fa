// The phase rail scrolls to the phase whose gate is open, the timeline to now, the tabs to the one that is chosen.

function centre() {
  for (const strip of document.querySelectorAll("[data-rail], [data-tabs], .timeline-frame")) {
    const current = strip.querySelector("[data-current], [aria-current], .now");
    if (!current || strip.scrollWidth <= strip.clientWidth) continue;
    const place = current.getBoundingClientRect();
    strip.scrollLeft += place.left - strip.getBoundingClientRect().left - (strip.clientWidth - place.width) / 2;
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
