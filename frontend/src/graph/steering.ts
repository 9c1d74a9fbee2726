/** Where an arrow key leads: along the lines up and down, across them left and right. */

import type { Graph } from './graph'

interface Place {
  readonly x: number
  readonly y: number
}

export type Direction = 'up' | 'down' | 'left' | 'right' | 'first' | 'last'

const KEYS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  Home: 'first',
  End: 'last',
}

export const directionOf = (key: string): Direction | null => KEYS[key] ?? null

/** The step to go to, or null when there is none in that direction. */
export function steer(
  graph: Graph,
  places: ReadonlyMap<string, Place>,
  from: string,
  direction: Direction,
): string | null {
  if (direction === 'first') return graph.nodes[0]?.id ?? null
  if (direction === 'last') return graph.nodes.at(-1)?.id ?? null
  if (direction === 'down') return graph.outlets.get(from)?.find((outlet) => outlet.to !== null)?.to ?? null
  if (direction === 'up') return graph.sources.get(from)?.[0] ?? null
  return beside(graph, places, from, direction === 'right' ? 1 : -1)
}

/** The nearest card on that side; a difference in height counts three times, so that it stays in the row if it can. */
function beside(graph: Graph, places: ReadonlyMap<string, Place>, from: string, sign: 1 | -1): string | null {
  const here = places.get(from)
  let [best, bestDistance] = [null as string | null, Infinity]
  for (const { id } of graph.nodes) {
    const there = places.get(id)
    if (here === undefined || there === undefined || id === from) continue
    const aside = (there.x - here.x) * sign
    const distance = aside + 3 * Math.abs(there.y - here.y)
    if (aside > 0 && distance < bestDistance) [best, bestDistance] = [id, distance]
  }
  return best
}
