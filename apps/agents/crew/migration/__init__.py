"""Moving an existing system: inventory, mapping, a script that really moves, its verification and its way back."""
