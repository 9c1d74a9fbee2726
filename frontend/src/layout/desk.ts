/** The main thread's side of the layout worker: a drawing goes in, a promise of its arrangement comes out. */

import type { Answer, Order } from './worker'
import type { Arrangement, Drawing } from './types'

interface Waiting {
  readonly done: (arrangement: Arrangement) => void
  readonly failed: (error: Error) => void
}

let worker: Worker | null = null
let ticket = 0
const waiting = new Map<number, Waiting>()

function open(): Worker {
  const fresh = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  fresh.onmessage = ({ data }: MessageEvent<Answer>) => {
    const asked = waiting.get(data.ticket)
    waiting.delete(data.ticket)
    if ('arrangement' in data) asked?.done(data.arrangement)
    else asked?.failed(new Error(data.failure))
  }
  fresh.onerror = (event) => {
    for (const asked of waiting.values()) asked.failed(new Error(event.message || 'layout worker'))
    waiting.clear()
    fresh.terminate()
    worker = null
  }
  return fresh
}

export function requestArrangement(drawing: Drawing): Promise<Arrangement> {
  worker ??= open()
  ticket += 1
  const order: Order = { ticket, drawing }
  return new Promise((done, failed) => {
    waiting.set(order.ticket, { done, failed })
    worker?.postMessage(order)
  })
}
