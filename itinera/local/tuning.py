"""Settings of the embedded PostgreSQL, made for this machine's memory and for waves: few large transactions."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

MEGABYTE = 1024 * 1024
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  # looked at, never written to


def memory() -> int:
    """Memory of this machine, or of the container that holds us, in MB."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    limit = Path("/sys/fs/cgroup/memory.max")
    text = limit.read_text(encoding="ascii").strip() if limit.exists() else "max"
    return min(whole, int(text) // MEGABYTE) if text.isdigit() else whole


def settings(megabytes: int, room: int, durable: bool) -> dict[str, str]:
    """Settings for so much memory and so much room on disk (both MB).

    `durable` is off only for tests, whose data may be lost with the machine; a killed server loses nothing either way.
    """
    wal = max(512, min(8192, room // 8))
    chosen = {
        "shared_buffers": f"{max(64, min(4096, megabytes // 6))}MB",
        "effective_cache_size": f"{max(256, megabytes // 2)}MB",
        "work_mem": f"{max(8, min(64, megabytes // 256))}MB",
        "maintenance_work_mem": f"{max(64, min(1024, megabytes // 24))}MB",
        "max_wal_size": f"{wal}MB",
        "min_wal_size": f"{min(512, wal // 2)}MB",
        "checkpoint_timeout": "15min",
        "wal_buffers": "64MB" if megabytes >= 4096 else "16MB",
        "random_page_cost": "1.1",
        "jit": "off",
        "max_connections": "100",
        "autovacuum_naptime": "15s",
        "log_checkpoints": "off",
        "log_line_prefix": "%m [%p] ",
        "log_timezone": "UTC",
        "timezone": "UTC",
    }
    if shared_memory_is_small():
        chosen["dynamic_shared_memory_type"] = "mmap"
    if not durable:
        chosen |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
    return chosen


def shared_memory_is_small() -> bool:
    """Containers often have 64 MB there: too little for parallel queries."""
    return not SHARED_MEMORY.exists() or shutil.disk_usage(SHARED_MEMORY).total < 512 * MEGABYTE
