"""An event: its frame from the brief, programme, guests, roles, budget, and the day itself."""
