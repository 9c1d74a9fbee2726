const FIRST = 1_000
const LONGEST = 30_000

/**
 * Milliseconds before the next try: doubling, at most half a minute, and scattered by `chance` (0 to 1) over the upper
 * half, so that after a restart of the server its viewers do not all come back at the same instant.
 */
export function backoff(attempt: number, chance: number): number {
  const span = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 10))
  return span / 2 + (span / 2) * chance
}
