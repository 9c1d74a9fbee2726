"""The demo brand: a made-up record shop over real purchases. See `data/README.md` for where they come from."""
