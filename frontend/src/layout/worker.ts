/** The layout off the main thread: a canvas of hundreds of steps takes a second, and the page must stay alive. */

import { arrange } from './arrange'
import type { Arrangement, Drawing } from './types'

export interface Order {
  readonly ticket: number
  readonly drawing: Drawing
}

export type Answer = { readonly ticket: number } & (
  { readonly arrangement: Arrangement } | { readonly failure: string }
)

function answer({ ticket, drawing }: Order): Answer {
  try {
    return { ticket, arrangement: arrange(drawing) }
  } catch (error) {
    return { ticket, failure: error instanceof Error ? error.message : String(error) }
  }
}

self.onmessage = (event: MessageEvent<Order>): void => {
  self.postMessage(answer(event.data))
}
