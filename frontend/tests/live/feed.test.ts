import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Counts } from '../../src/api/counts'
import { ApiError } from '../../src/api/problem'
import { backoff } from '../../src/live/backoff'
import { Feed, type FeedState } from '../../src/live/feed'

/** What a browser's socket does, at the test's command. */
class Wire {
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  closed = false
  close(): void {
    this.closed = true
  }
  says(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) })
  }
  breaks(code = 1006): void {
    this.onclose?.({ code })
  }
}

const MESSAGE = { type: 'counts', nodes: { a: { in: 5, at: 2, out: { next: 3 } } }, at: '2026-11-20T08:00:00Z' }

let wires: Wire[]
let states: FeedState[]
let received: Counts[]
let asked: number
let answer: () => Promise<Counts>
let feed: Feed

beforeEach(() => {
  vi.useFakeTimers()
  wires = []
  states = []
  received = []
  asked = 0
  answer = () => Promise.reject(new ApiError('offline'))
  feed = new Feed({
    open: () => {
      const wire = new Wire()
      wires.push(wire)
      return wire as unknown as WebSocket
    },
    ask: () => {
      asked += 1
      return answer()
    },
    onCounts: (counts) => received.push(counts),
    onState: (state) => states.push(state),
  })
  feed.start()
})
afterEach(() => {
  feed.stop()
  vi.useRealTimers()
})

describe('the feed', () => {
  test('is live with the first figures', () => {
    wires[0]?.says(MESSAGE)
    expect(states).toEqual(['connecting', 'live'])
    expect(received[0]?.nodes['a']).toEqual({ in: 5, at: 2, out: { next: 3 } })
  })

  test('ignores what is no figures', () => {
    wires[0]?.onmessage?.({ data: 'not json' })
    wires[0]?.says({ type: 'hello' })
    expect([states, received]).toEqual([['connecting'], []])
  })

  test('asks at intervals while the wire is down, and stops when it is back', async () => {
    answer = () => Promise.resolve({ ...readMessage(), at: 'asked' })
    wires[0]?.says(MESSAGE)
    wires[0]?.breaks()
    await vi.advanceTimersByTimeAsync(10_500)
    expect(states.at(-1)).toBe('polling')
    expect(asked).toBe(2)
    expect(received.at(-1)?.at).toBe('asked')
    wires.at(-1)?.says(MESSAGE)
    const before = asked
    await vi.advanceTimersByTimeAsync(15_000)
    expect(states.at(-1)).toBe('live')
    expect(asked).toBe(before)
  })

  test('comes back after ever longer pauses, and at once when hurried', async () => {
    for (let round = 0; round < 6; round += 1) {
      wires.at(-1)?.breaks()
      await vi.advanceTimersByTimeAsync(backoff(round, 1))
    }
    expect(wires.length).toBe(7)
    wires.at(-1)?.breaks()
    feed.hurry()
    expect(wires.length).toBe(8)
    feed.hurry()
    expect(wires.length).toBe(8)
  })

  test.each([
    [4401, 'signedOut'],
    [4403, 'forbidden'],
  ] as const)('ends for good when the server closes with %i', async (code, state) => {
    wires[0]?.breaks(code)
    await vi.advanceTimersByTimeAsync(120_000)
    expect(states.at(-1)).toBe(state)
    expect([wires.length, asked]).toEqual([1, 0])
  })

  test('learns from a refused question that the session is over', async () => {
    answer = () => Promise.reject(new ApiError('signedOut'))
    wires[0]?.breaks()
    await vi.advanceTimersByTimeAsync(120_000)
    expect(states.at(-1)).toBe('signedOut')
    expect(wires.length).toBe(1)
  })

  test('takes a wire that has fallen silent for dead', async () => {
    wires[0]?.says(MESSAGE)
    await vi.advanceTimersByTimeAsync(19_000)
    wires[0]?.says(MESSAGE)
    await vi.advanceTimersByTimeAsync(19_000)
    expect([wires.length, states.at(-1)]).toEqual([1, 'live'])
    await vi.advanceTimersByTimeAsync(3_000)
    expect([wires.length, states.at(-1), wires[0]?.closed]).toEqual([2, 'polling', true])
  })

  test('is silent after it was stopped', async () => {
    feed.stop()
    wires[0]?.says(MESSAGE)
    wires[0]?.breaks()
    await vi.advanceTimersByTimeAsync(120_000)
    expect([received, wires.length, wires[0]?.closed]).toEqual([[], 1, true])
  })
})

function readMessage(): Counts {
  return {
    nodes: {},
    entered: 0,
    inside: 0,
    older: 0,
    goals: 0,
    exits: {},
    messages: {},
    nodeMessages: {},
    version: 1,
    status: 'published',
    at: '',
  }
}

test('pauses grow, stay under half a minute and are scattered', () => {
  expect([0, 1, 2, 3].map((attempt) => backoff(attempt, 1))).toEqual([1_000, 2_000, 4_000, 8_000])
  expect([backoff(50, 1), backoff(50, 0), backoff(0, 0)]).toEqual([30_000, 15_000, 500])
})
