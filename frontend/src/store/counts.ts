/** The figures, apart from the graph: a tick touches only the numbers that read their own node by id. */

import { create } from 'zustand'
import type { Counts, NodeCounts } from '../api/counts'
import type { FeedState } from '../live/feed'

interface CountsState {
  readonly counts: Counts | null
  /** by this machine's clock, in milliseconds */
  readonly receivedAt: number
  readonly feed: FeedState
  /** most people who came to any one step: the measure of line widths */
  readonly most: number
}

export const useCounts = create<CountsState>(() => ({ counts: null, receivedAt: 0, feed: 'connecting', most: 0 }))

export function takeCounts(counts: Counts, receivedAt: number): void {
  const most = Math.max(0, ...Object.values(counts.nodes).map((node) => node.in))
  useCounts.setState({ counts, receivedAt, most })
}

export function takeFeedState(feed: FeedState): void {
  if (useCounts.getState().feed !== feed) useCounts.setState({ feed })
}

/** One figure of one node; null while nothing is known of it. */
export function useNodeCount(id: string, key: 'in' | 'at'): number | null {
  return useCounts((state) => state.counts?.nodes[id]?.[key] ?? null)
}

/** People who left a node along a line: by its own port and those that fall back to it. */
export function useFlow(id: string, ports: readonly string[]): number | null {
  return useCounts((state) => flow(state.counts?.nodes[id], ports))
}

export function flow(node: NodeCounts | undefined, ports: readonly string[]): number | null {
  return node === undefined ? null : ports.reduce((sum, port) => sum + (node.out[port] ?? 0), 0)
}
