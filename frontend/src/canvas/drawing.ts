/** From the domain graph to boxes and links: what has to be laid out, and how big it is. */

import type { Graph, Outlet } from '../graph/graph'
import type { Box, Drawing, Link } from '../layout/types'
import { portLabel } from '../nodes/registry'
import type { Speak } from '../text/speak'

export const CARD = { width: 248, height: 88 }
export const END = { width: 104, height: 28 }

const LABEL = { padding: 22, figures: 92, longest: 132 }

/** The mark where a walk ends because nothing follows. */
export const endId = (outlet: Outlet): string => `${outlet.id}/end`

export function drawingOf(graph: Graph, speak: Speak): Drawing {
  const boxes: Box[] = graph.nodes.map((node) => ({ id: node.id, ...CARD }))
  const links: Link[] = []
  for (const node of graph.nodes) {
    const outlets = graph.outlets.get(node.id) ?? []
    for (const outlet of outlets) {
      if (outlet.to === null) boxes.push({ id: endId(outlet), ...END })
      const label = isLabelled(outlet, outlets) ? labelWidth(portLabel(node, outlet.port, speak)) : null
      links.push({ id: outlet.id, from: outlet.from, to: outlet.to ?? endId(outlet), label })
    }
  }
  return { boxes, links }
}

/** One plain way on needs no name. */
export function isLabelled(outlet: Outlet, siblings: readonly Outlet[]): boolean {
  return siblings.length > 1 || outlet.port !== 'next'
}

/** Estimated, not measured: the layout must not depend on which font has loaded. Room for the figures is always kept. */
export function labelWidth(label: string): number {
  let width = 0
  for (const letter of label) width += letter > '⺀' ? 12 : 7
  return Math.min(width, LABEL.longest) + LABEL.padding + LABEL.figures
}
