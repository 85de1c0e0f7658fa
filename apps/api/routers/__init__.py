"""The addresses, one module a kind of thing: each translates and makes one call."""
