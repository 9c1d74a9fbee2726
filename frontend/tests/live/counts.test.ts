import { expect, test } from 'vitest'
import { readCounts } from '../../src/api/counts'
import { lineWidth } from '../../src/canvas/width'
import { flow, takeCounts, useCounts } from '../../src/store/counts'

const MESSAGE = {
  type: 'counts',
  version: 2,
  status: 'published',
  at: '2026-11-20T08:00:00Z',
  entered: 12,
  inside: 4,
  older: 1,
  goals: 3,
  nodes: { a: { in: 12, at: 4, out: { next: 6, failed: 2 } }, b: { in: 6, at: 'many', out: null } },
  exits: { completed: 7, odd: null },
  messages: { sent: 6 },
  node_messages: { a: { sent: 6, failed: 'none' }, b: 7 },
}

test('figures are read whole, and what is no number counts as none', () => {
  const counts = readCounts(MESSAGE)
  expect(counts).toMatchObject({ version: 2, status: 'published', entered: 12, inside: 4, older: 1, goals: 3 })
  expect(counts?.nodes['b']).toEqual({ in: 6, at: 0, out: {} })
  expect(counts?.exits).toEqual({ completed: 7, odd: 0 })
  expect(counts?.nodeMessages).toEqual({ a: { sent: 6, failed: 0 }, b: {} })
  expect([readCounts(null), readCounts([]), readCounts({ nodes: 3 })]).toEqual([null, null, null])
})

test('the store knows the busiest step, and what goes along a line with the ways that fell back to it', () => {
  const counts = readCounts(MESSAGE)
  if (counts === null) throw new Error('unreadable')
  takeCounts(counts, 1_000)
  expect(useCounts.getState().most).toBe(12)
  expect(flow(counts.nodes['a'], ['next', 'failed'])).toBe(8)
  expect(flow(counts.nodes['ghost'], ['next'])).toBeNull()
})

test('a line grows with its people and never vanishes', () => {
  expect([lineWidth(null, 10), lineWidth(0, 10), lineWidth(5, 0), lineWidth(10, 10)]).toEqual([1.5, 1.5, 1.5, 7])
  expect(lineWidth(1, 100)).toBeGreaterThan(lineWidth(0, 100))
})
