"""Reading gates: what a person needs in order to decide."""

from apps.gates.selectors.needs import gates_open, waiting_for
from apps.gates.selectors.page import Button, GatePage, SeatState, gate_page

__all__ = ["Button", "GatePage", "SeatState", "gate_page", "gates_open", "waiting_for"]
