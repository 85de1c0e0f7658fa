"""Writes of tasks, attempts and files: in sets, and through ``core.transitions`` where a status changes."""
