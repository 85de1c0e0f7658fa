"""Live pages: committed events become frames that say "changed, up to sequence n, these fragments" (promise 11)."""
