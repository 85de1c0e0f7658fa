"""The crew: agents that work on the goal's own words without any model, with the standard library only.

`python -m apps.agents.crew` reads a packet on standard input, works in the current directory and prints JSON lines.
"""
