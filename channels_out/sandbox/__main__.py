"""`python -m channels_out.sandbox`: the sandbox alone, without Django, for tests and benchmarks."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from channels_out.sandbox.server import Setup, serve


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--http-port", type=int, default=0)
    parser.add_argument("--smtp-port", type=int, default=0)
    parser.add_argument("--token", default="sandbox")
    parser.add_argument("--smtp-password")
    parser.add_argument("--ledger", type=Path)
    asked = parser.parse_args()
    asyncio.run(serve(Setup(asked.http_port, asked.smtp_port, asked.token, asked.smtp_password, asked.ledger)))


if __name__ == "__main__":
    main()
