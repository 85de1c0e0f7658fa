// One topic, one WebSocket. Frames say "changed, up to seq n, these fragments"; losing, repeating or delaying one
// never matters: a gap, a reconnect or silence leads to a full re-read.

const SILENCE = 30_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 20_000;
const REFUSALS = { 4401: "signedOut", 4403: "refused", 4404: "refused" };

export class LiveTopic {
  // changed(ids) re-reads some fragments, reread() all of them, state(name, seconds) tells the person.
  constructor({ topic, after, changed, reread, state }) {
    Object.assign(this, { topic, seq: after, changed, reread, state, tries: 0, opened: false, left: false });
  }

  connect() {
    clearTimeout(this.retry);
    if (this.left || this.socket) return;
    this.state("connecting", 0);
    const url = new URL("/ws/live", location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    url.search = new URLSearchParams({ topic: this.topic, after: this.seq });
    const socket = new WebSocket(url);
    this.socket = socket;
    this.listenForSilence();
    socket.addEventListener("open", () => socket === this.socket && this.onOpen());
    socket.addEventListener("message", (event) => socket === this.socket && this.onFrame(event.data));
    socket.addEventListener("close", (event) => socket === this.socket && this.onClose(event.code));
  }

  onOpen() {
    this.tries = 0;
    this.state("live", 0);
    if (this.opened) this.reread();
    this.opened = true;
  }

  onFrame(text) {
    this.listenForSilence();
    let frame;
    try { frame = JSON.parse(text); } catch { return; }
    if (frame.topic !== this.topic || !Number.isInteger(frame.seq)) return;
    const fragments = Array.isArray(frame.fragments) ? frame.fragments : [];
    if (frame.seq <= this.seq) return; // have it already
    // A frame may cover several events: `prev` is the last one before them. Without it, one step is the only safe one.
    const before = Number.isInteger(frame.prev) ? frame.prev : frame.seq - 1;
    const gap = before > this.seq || fragments.length === 0;
    this.seq = frame.seq;
    if (gap) this.reread();
    else this.changed(fragments);
  }

  onClose(code) {
    this.socket = undefined;
    clearTimeout(this.silence);
    if (this.left) return;
    if (code in REFUSALS) { // the server says no; asking again would not help
      this.left = true;
      this.state(REFUSALS[code], 0);
      return;
    }
    const ceiling = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.tries++);
    const wait = ceiling / 2 + (Math.random() * ceiling) / 2;
    this.state("lost", wait / 1000);
    this.retry = setTimeout(() => this.connect(), wait);
  }

  listenForSilence() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.drop(), SILENCE);
  }

  // Give the socket up as dead and start anew; its own close event may take minutes.
  drop() {
    const socket = this.socket;
    this.socket = undefined;
    socket?.close();
    this.opened = true;
    this.connect();
  }

  hurry() {
    if (!this.socket) { this.tries = 0; this.connect(); }
  }

  leave() {
    this.left = true;
    clearTimeout(this.retry);
    clearTimeout(this.silence);
    this.socket?.close();
  }
}
