"""What beat starts for this package; each stage is `run(now, limit) -> StageReport`."""
