// What one browser remembers about how somebody likes to work. Storage that is refused is no error.

export function remember(key, value) {
  try { localStorage.setItem(key, value); } catch { /* private window: it holds until the page is left */ }
}

export function recall(key, otherwise) {
  try { return localStorage.getItem(key) ?? otherwise; } catch { return otherwise; }
}
