/** React Flow's nodes and edges, derived from the domain graph and its arrangement; nothing flows back. */

import type { Edge, Node } from '@xyflow/react'
import type { Graph, Outlet } from '../graph/graph'
import { roundedPath } from '../layout/path'
import type { Arrangement, Point } from '../layout/types'
import { portLabel, readNode, type Reading } from '../nodes/registry'
import type { Speak } from '../text/speak'
import { CARD, END, endId, isLabelled } from './drawing'

export type StepNode = Node<{ id: string; reading: Reading }, 'step'>
export type EndNode = Node<{ title: string }, 'end'>
export type WayEdge = Edge<{ outlet: Outlet; path: string; label: Point | null; name: string; aria: string }, 'way'>
export type FlowNode = StepNode | EndNode

export interface FlowParts {
  readonly nodes: FlowNode[]
  readonly edges: WayEdge[]
}

export function flowParts(graph: Graph, arrangement: Arrangement, speak: Speak): FlowParts {
  const readings = new Map(graph.nodes.map((node) => [node.id, readNode(node, speak)]))
  const nodes: FlowNode[] = []
  const edges: WayEdge[] = []
  for (const node of graph.nodes) {
    const reading = readings.get(node.id)
    if (reading === undefined) continue
    nodes.push({ ...placed(node.id, arrangement, CARD), type: 'step', data: { id: node.id, reading } })
    const outlets = graph.outlets.get(node.id) ?? []
    for (const outlet of outlets) {
      const target = readings.get(outlet.to ?? '')?.title ?? speak.words.canvas.ends
      if (outlet.to === null) {
        nodes.push({ ...placed(endId(outlet), arrangement, END), type: 'end', data: { title: target } })
      }
      const name = isLabelled(outlet, outlets) ? portLabel(node, outlet.port, speak) : ''
      const aria = speak.words.canvas.from(reading.title, name || speak.words.ports['next'] || '', target)
      edges.push(way(outlet, arrangement, name, aria))
    }
  }
  return { nodes, edges }
}

function placed(id: string, arrangement: Arrangement, size: { width: number; height: number }) {
  return { id, position: arrangement.boxes.get(id) ?? { x: 0, y: 0 }, ...size }
}

function way(outlet: Outlet, arrangement: Arrangement, name: string, aria: string): WayEdge {
  const route = arrangement.routes.get(outlet.id)
  return {
    id: outlet.id,
    type: 'way',
    source: outlet.from,
    target: outlet.to ?? endId(outlet),
    ariaLabel: aria,
    data: { outlet, path: roundedPath(route?.points ?? []), label: route?.label ?? null, name, aria },
  }
}
