/**
 * The figures as they change: over a WebSocket; while that is down, by asking at intervals. Log-out and loss of
 * permission end it for good.
 */

import { readCounts, type Counts } from '../api/counts'
import { ApiError } from '../api/problem'
import { backoff } from './backoff'

export type FeedState = 'connecting' | 'live' | 'polling' | 'signedOut' | 'forbidden'

export interface FeedPorts {
  open(): WebSocket
  ask(): Promise<Counts>
  onCounts(counts: Counts): void
  onState(state: FeedState): void
}

const POLL = 10_000
/** The server speaks every five seconds; a wire that is silent for this long is dead, whatever the machine believes. */
const SILENCE = 20_000
const CLOSED_FOR: Readonly<Record<number, FeedState>> = { 4401: 'signedOut', 4403: 'forbidden' }

export class Feed {
  #socket: WebSocket | null = null
  #retry: ReturnType<typeof setTimeout> | undefined
  #poll: ReturnType<typeof setInterval> | undefined
  #silence: ReturnType<typeof setTimeout> | undefined
  #attempt = 0
  #stopped = false

  constructor(private readonly ports: FeedPorts) {}

  start(): void {
    this.ports.onState('connecting')
    this.#connect()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#retry)
    clearTimeout(this.#silence)
    clearInterval(this.#poll)
    this.#socket?.close()
  }

  /** The machine woke up or the network came back: do not wait for the next try. */
  hurry(): void {
    if (this.#stopped || this.#socket !== null) return
    clearTimeout(this.#retry)
    this.#attempt = 0
    this.#connect()
  }

  #connect(): void {
    const socket = this.ports.open()
    this.#socket = socket
    this.#listen(socket)
    socket.onmessage = ({ data }) => this.#receive(data)
    socket.onclose = ({ code }) => this.#closed(code)
  }

  #listen(socket: WebSocket): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => {
      socket.onmessage = null
      socket.onclose = null
      socket.close()
      this.#closed(0)
    }, SILENCE)
  }

  #receive(data: unknown): void {
    const counts = readCounts(parse(data))
    if (counts === null || this.#stopped) return
    if (this.#socket !== null) this.#listen(this.#socket)
    this.#attempt = 0
    clearInterval(this.#poll)
    this.#poll = undefined
    this.ports.onCounts(counts)
    this.ports.onState('live')
  }

  #closed(code: number): void {
    this.#socket = null
    clearTimeout(this.#silence)
    if (this.#stopped) return
    const final = CLOSED_FOR[code]
    if (final !== undefined) {
      this.#end(final)
      return
    }
    this.#retry = setTimeout(() => this.#connect(), backoff(this.#attempt, Math.random()))
    this.#attempt += 1
    if (this.#poll === undefined) {
      this.ports.onState('polling')
      this.#poll = setInterval(() => void this.#ask(), POLL)
      void this.#ask()
    }
  }

  async #ask(): Promise<void> {
    try {
      const counts = await this.ports.ask()
      if (!this.#stopped && this.#poll !== undefined) this.ports.onCounts(counts)
    } catch (error) {
      // Offline or a server in trouble: the age of the figures on the page tells, and the next try comes by itself.
      if (error instanceof ApiError && (error.trouble === 'signedOut' || error.trouble === 'forbidden'))
        this.#end(error.trouble)
    }
  }

  #end(state: FeedState): void {
    if (this.#stopped) return
    this.stop()
    this.ports.onState(state)
  }
}

function parse(data: unknown): unknown {
  if (typeof data !== 'string') return null
  try {
    return JSON.parse(data)
  } catch {
    return null
  }
}
