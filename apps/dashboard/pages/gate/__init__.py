"""The page of a gate: what happens on yes and no, is it good, what was asked last time, and one panel to decide."""
