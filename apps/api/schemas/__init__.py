"""What goes in and out, one module a kind of thing. ``POST`` and ``GET`` give the whole object."""
