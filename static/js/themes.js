// The theme menu: as the system, light, dark.
import { recall, remember } from "./store.js";

const system = matchMedia("(prefers-color-scheme: dark)");

function apply(choice) {
  const dark = choice === "dark" || (choice === "auto" && system.matches);
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
  }
  for (const use of document.querySelectorAll("[data-theme-icon] use")) {
    use.setAttribute("href", choice === "auto" ? "#i-device-desktop" : dark ? "#i-moon" : "#i-sun");
  }
}

export function start() {
  apply(recall("theme", "auto"));
  system.addEventListener("change", () => apply(recall("theme", "auto")));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    remember("theme", button.dataset.themeChoice);
    apply(button.dataset.themeChoice);
    button.closest("details")?.removeAttribute("open");
  });
}
