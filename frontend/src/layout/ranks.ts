/** Columns and ranks, by dagre. Only its x and its order are used; heights and routes are our own (rows.ts, routes.ts). */

import { graphlib, layout, type EdgeLabel, type GraphLabel, type NodeLabel } from '@dagrejs/dagre'
import { groupBy } from '../graph/group'
import type { Drawing, Link } from './types'
import { LABEL_HEIGHT } from './types'

/** A place that a link passes: the middle of a box, of its label, or of a free column between boxes. */
export interface Stop {
  readonly x: number
  readonly rank: number
}

export interface Ranks {
  /** centre and rank of each box */
  readonly boxes: ReadonlyMap<string, Stop>
  /** each link's stops, one per rank, from its source's rank to its target's */
  readonly links: ReadonlyMap<string, readonly Stop[]>
  /** rank of each link's label */
  readonly labels: ReadonlyMap<string, number>
}

type Dagre = graphlib.Graph<GraphLabel, NodeLabel, EdgeLabel>

/** From here on the better ranks cost more seconds than they are worth: 1.5 s instead of 0.6 s at 200 boxes. */
const LARGE = 120

const labelKey = (link: Link): string => `${link.id}::label`

export function rank({ boxes, links }: Drawing): Ranks {
  const graph: Dagre = new graphlib.Graph<GraphLabel, NodeLabel, EdgeLabel>({ multigraph: true })
  const ranker = boxes.length > LARGE ? 'tight-tree' : 'network-simplex'
  graph.setGraph({ rankdir: 'TB', nodesep: 32, edgesep: 28, ranksep: 40, ranker })
  for (const box of boxes) graph.setNode(box.id, { width: box.width, height: box.height })
  const outgoing = groupBy(links, (link) => link.from)
  const constraints: { left: string; right: string }[] = []
  for (const list of outgoing.values()) {
    addLinks(graph, list)
    const labelled = list.filter((link) => link.label !== null)
    labelled
      .slice(1)
      .forEach((link, index) => constraints.push({ left: labelKey(labelled[index] ?? link), right: labelKey(link) }))
  }
  layout(graph, { constraints })
  return readRanks(graph, { boxes, links })
}

/** Fed last port first: of two orders that cross equally often dagre keeps the one in which the first port lies left. */
function addLinks(graph: Dagre, list: readonly Link[]): void {
  for (const [index, link] of [...list.entries()].reverse()) {
    const lead = index === 0 ? 2 : 1
    if (link.label === null) {
      graph.setEdge(link.from, link.to, { weight: 2 * lead }, link.id)
      continue
    }
    graph.setNode(labelKey(link), { width: link.label, height: LABEL_HEIGHT })
    graph.setEdge(link.from, labelKey(link), { weight: 4 }, `${link.id}/out`)
    graph.setEdge(labelKey(link), link.to, { weight: lead }, `${link.id}/in`)
  }
}

function readRanks(graph: Dagre, { boxes, links }: Drawing): Ranks {
  const heights = [...new Set(graph.nodes().map((id) => Math.round(graph.node(id).y ?? 0)))].sort((a, b) => a - b)
  const rankAt = new Map(heights.map((y, index) => [y, index]))
  const stops = (points: readonly { x?: number; y?: number }[]): Stop[] =>
    points.flatMap(({ x = 0, y = 0 }) => {
      const level = rankAt.get(Math.round(y))
      return level === undefined ? [] : [{ x, rank: level }]
    })
  // dagre also bends lines half-way between two ranks; the channel router decides there, so those points are dropped.
  const between = (v: string, w: string, name: string): Stop[] =>
    stops(graph.edge({ v, w, name }).points?.slice(1, -1) ?? [])
  const box = (id: string): Stop[] => stops([graph.node(id)])
  const found = new Map<string, readonly Stop[]>()
  const labels = new Map<string, number>()
  for (const link of links) {
    const { id, from, to } = link
    if (link.label === null) {
      found.set(id, [...box(from), ...between(from, to, id), ...box(to)])
      continue
    }
    const label = labelKey(link)
    labels.set(id, box(label)[0]?.rank ?? 0)
    found.set(id, [
      ...box(from),
      ...between(from, label, `${id}/out`),
      ...box(label),
      ...between(label, to, `${id}/in`),
      ...box(to),
    ])
  }
  return { boxes: new Map(boxes.flatMap(({ id }) => box(id).map((stop) => [id, stop] as const))), links: found, labels }
}
