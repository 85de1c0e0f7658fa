// Everything the pages need, in small parts; each finds its own elements and does nothing where there are none.
import * as dialogs from "./dialogs.js";
import * as drafts from "./drafts.js";
import * as forms from "./forms.js";
import * as gate from "./gate.js";
import * as keyboard from "./keyboard.js";
import * as library from "./library.js";
import * as live from "./live.js";
import * as panzoom from "./panzoom.js";
import * as rail from "./rail.js";
import * as themes from "./themes.js";
import * as times from "./times.js";
import * as toasts from "./toasts.js";
import * as trace from "./trace.js";

for (const part of [themes, toasts, dialogs, forms, keyboard, rail, times, panzoom, trace, gate, drafts, library, live]) {
  try { part.start(); } catch (error) { console.error(error); }
}
