// Pan and zoom of the graph: pointer, wheel, two fingers, keyboard. It moves the viewBox, nothing else.

const STEP = 1.25;

class View {
  constructor(frame) {
    this.svg = frame.querySelector("svg.graph-view");
    this.pointers = new Map();
    const box = this.svg.viewBox.baseVal;
    this.all = { x: box.x, y: box.y, width: box.width, height: box.height };
    this.start();
    this.svg.addEventListener("pointerdown", (event) => this.down(event));
    this.svg.addEventListener("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel"]) this.svg.addEventListener(name, (event) => this.up(event));
    this.svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.svg.addEventListener("keydown", (event) => this.key(event));
    this.svg.addEventListener("click", (event) => { if (this.moved) { event.preventDefault(); event.stopPropagation(); } }, true);
    frame.addEventListener("click", (event) => this.button(event.target.closest("[data-zoom]")?.dataset.zoom));
    this.svg.addEventListener("focusin", (event) => this.reveal(event.target));
  }

  // Show all if that is legible, else begin at the left at a legible size.
  start() {
    const { width, height } = this.svg.getBoundingClientRect();
    const scale = Math.min(width / this.all.width, height / this.all.height);
    const legible = Math.max(0.8, Math.min(scale, 1.15));
    const current = this.svg.querySelector("[data-current]");
    const at = current ? Number(current.getAttribute("x")) - 24 : this.all.x;
    const span = width / legible;
    const x = Math.max(this.all.x, Math.min(at, this.all.x + this.all.width - span));
    const tall = height / legible;
    const y = this.all.y - Math.max(0, (tall - this.all.height) / 2);
    this.set(span > this.all.width ? this.all.x - (span - this.all.width) / 2 : x, y, span, tall);
  }

  set(x, y, width, height) {
    this.box = { x, y, width, height };
    this.svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    this.svg.setAttribute("data-moved", "");
  }

  get unit() { return this.box.width / this.svg.getBoundingClientRect().width; }

  zoom(factor, px, py) {
    const edge = this.svg.getBoundingClientRect();
    const width = Math.max(200, Math.min(this.box.width / factor, Math.max(this.all.width, edge.width) * 2));
    const share = width / this.box.width;
    const fx = px === undefined ? 0.5 : (px - edge.left) / edge.width;
    const fy = py === undefined ? 0.5 : (py - edge.top) / edge.height;
    const { x, y } = this.box;
    this.set(x + this.box.width * (1 - share) * fx, y + this.box.height * (1 - share) * fy, width, this.box.height * share);
  }

  pan(dx, dy) { this.set(this.box.x + dx, this.box.y + dy, this.box.width, this.box.height); }

  fit() {
    const { width, height } = this.svg.getBoundingClientRect();
    const scale = Math.min(width / this.all.width, height / this.all.height);
    const [w, h] = [width / scale, height / scale];
    this.set(this.all.x - (w - this.all.width) / 2, this.all.y - (h - this.all.height) / 2, w, h);
  }

  down(event) {
    this.pointers.set(event.pointerId, event);
    this.moved = false;
    this.from = { x: event.clientX, y: event.clientY };
  }

  drag(event) {
    const last = this.pointers.get(event.pointerId);
    if (!last) return;
    if (this.pointers.size === 2) {
      const other = [...this.pointers.values()].find((pointer) => pointer.pointerId !== event.pointerId);
      const gap = (pointer) => Math.hypot(pointer.clientX - other.clientX, pointer.clientY - other.clientY);
      this.zoom(gap(event) / Math.max(1, gap(last)), (event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2);
      this.moved = true;
    } else {
      // Capture only once it is a drag: a captured pointer would take the click away from the link under it.
      if (!this.moved && Math.hypot(event.clientX - this.from.x, event.clientY - this.from.y) > 4) {
        this.moved = true;
        this.svg.setPointerCapture(event.pointerId);
      }
      if (this.moved) this.pan((last.clientX - event.clientX) * this.unit, (last.clientY - event.clientY) * this.unit);
    }
    this.pointers.set(event.pointerId, event);
  }

  up(event) { this.pointers.delete(event.pointerId); }

  // A plain wheel scrolls the page; with Ctrl (or a pinch on a touch pad) it zooms; sideways it pans.
  wheel(event) {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 300), event.clientX, event.clientY);
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      this.pan((event.deltaX || event.deltaY) * this.unit, 0);
    }
  }

  key(event) {
    const by = 60 * this.unit;
    const moves = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] };
    if (event.key in moves) this.pan(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.zoom(STEP);
    else if (event.key === "-") this.zoom(1 / STEP);
    else if (event.key === "0") this.fit();
    else return;
    event.preventDefault();
  }

  button(kind) {
    if (kind === "in") this.zoom(STEP);
    else if (kind === "out") this.zoom(1 / STEP);
    else if (kind === "fit") this.fit();
  }

  // A node that gets the focus by Tab comes into view.
  reveal(target) {
    if (!target.matches?.(":focus-visible") || target === this.svg) return;
    const edge = this.svg.getBoundingClientRect();
    const node = target.getBoundingClientRect();
    if (node.left < edge.left || node.right > edge.right) this.pan((node.left + node.width / 2 - edge.left - edge.width / 2) * this.unit, 0);
    if (node.top < edge.top || node.bottom > edge.bottom) this.pan(0, (node.top + node.height / 2 - edge.top - edge.height / 2) * this.unit);
  }
}

const seen = new WeakSet();

function find() {
  for (const frame of document.querySelectorAll("[data-pan-zoom]")) {
    const svg = frame.querySelector("svg.graph-view");
    if (!svg || seen.has(svg) || svg.getBoundingClientRect().width === 0) continue;
    seen.add(svg);
    new View(frame);
  }
}

export function start() {
  find();
  document.body.addEventListener("htmx:afterSettle", find);
}
