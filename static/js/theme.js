// Sets the theme before the first paint; main.js adds the buttons. The only script that blocks, so it stays tiny.
(function () {
  "use strict";
  var choice = "auto";
  try { choice = localStorage.getItem("theme") || "auto"; } catch (error) { /* storage is refused: follow the system */ }
  var dark = choice === "dark" || (choice === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
})();
