// Pointing at a task of the graph, or reaching it by Tab, shows what it needs and what needs it.

function trace(event) {
  const graph = event.target.closest?.("svg.graph");
  if (!graph) return;
  const id = event.target.closest("[data-node]")?.id;
  for (const edge of graph.querySelectorAll(".edge.is-traced")) edge.classList.remove("is-traced");
  if (!id) return;
  for (const edge of graph.querySelectorAll(`.edge[data-from="${id}"], .edge[data-to="${id}"]`)) edge.classList.add("is-traced");
}

export function start() {
  document.addEventListener("pointerover", trace);
  document.addEventListener("focusin", trace);
}
