"""What each page and each fragment shows: one context function for first render, htmx and live updates."""
