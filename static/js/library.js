// The editor of the method library: line numbers beside the text, a way to a line, and a tab that indents.

function number(area, gutter) {
  const marked = new Set((area.dataset.marked || "").split(" ").filter(Boolean).map(Number));
  const count = area.value.split("\n").length;
  if (Number(gutter.dataset.count) === count) return;
  gutter.dataset.count = String(count);
  gutter.replaceChildren(...Array.from({ length: count }, (_, at) => {
    const line = document.createElement(marked.has(at + 1) ? "b" : "span");
    line.textContent = `${at + 1}\n`;
    return line;
  }));
}

function go(area, line) {
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1] || "").length);
  const height = parseFloat(getComputedStyle(area).lineHeight) || 18;
  area.scrollTop = Math.max(0, (line - 4) * height);
  area.scrollIntoView({ block: "center" });
}

export function start() {
  for (const editor of document.querySelectorAll("[data-editor]")) {
    const area = editor.querySelector("[data-editor-text]");
    const gutter = editor.querySelector("[data-editor-lines]");
    number(area, gutter);
    area.addEventListener("input", () => number(area, gutter));
    area.addEventListener("scroll", () => { gutter.scrollTop = area.scrollTop; });
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-editor-line]");
      if (button) go(area, Number(button.dataset.editorLine));
    });
  }
  const opened = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  if (opened && opened.matches("details")) opened.open = true;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#task-']");
    const target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (target) target.open = true;
  });
}
