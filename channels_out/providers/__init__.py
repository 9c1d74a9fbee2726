"""One file per provider; the registry finds them."""
