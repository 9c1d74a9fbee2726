/** The domain graph: nodes in the order people meet them, and what each way out leads to. Knows nothing of React Flow. */

import type { CanvasDocument, CanvasEdge, CanvasNode, Trouble } from './document'

/** A way out that a node has by its type and config. An optional one without an edge falls back to `next`. */
export interface Port {
  readonly id: string
  readonly optional?: boolean
}

/** What is drawn for a way out: an edge to a node, or an end when nothing follows. */
export interface Outlet {
  readonly id: string
  readonly from: string
  readonly port: string
  /** null: the walk ends here as completed */
  readonly to: string | null
  /** every port whose people leave along this line: its own, and optional ones that fell back to it */
  readonly carries: readonly string[]
}

export interface Graph {
  readonly nodes: readonly CanvasNode[]
  readonly byId: ReadonlyMap<string, CanvasNode>
  readonly outlets: ReadonlyMap<string, readonly Outlet[]>
  readonly sources: ReadonlyMap<string, readonly string[]>
  readonly troubles: readonly Trouble[]
}

export type PortsOf = (node: CanvasNode) => readonly Port[]

export function buildGraph(document: CanvasDocument, portsOf: PortsOf): Graph {
  const outlets = new Map(document.nodes.map((node) => [node.id, outletsOf(node, portsOf(node), document.edges)]))
  const order = flowOrder(document.nodes, outlets)
  const place = new Map(order.map((id, index) => [id, index]))
  const troubles: Trouble[] = []
  const sources = new Map<string, string[]>(order.map((id) => [id, []]))
  for (const [id, list] of outlets) {
    const forward = list.filter((outlet) => outlet.to === null || (place.get(outlet.to) ?? 0) > (place.get(id) ?? 0))
    if (forward.length < list.length) troubles.push({ code: 'loop', node: id })
    outlets.set(id, forward)
    for (const outlet of forward) if (outlet.to !== null) sources.get(outlet.to)?.push(id)
  }
  const byId = new Map(document.nodes.map((node) => [node.id, node]))
  const nodes = order.flatMap((id) => byId.get(id) ?? [])
  return { nodes, byId, outlets, sources, troubles }
}

function outletsOf(node: CanvasNode, ports: readonly Port[], edges: readonly CanvasEdge[]): Outlet[] {
  const own = edges.filter((edge) => edge.from === node.id)
  const wired = new Set(own.map((edge) => edge.port))
  const named = ports.map((port) => port.id)
  const extra = [...wired].filter((port) => !named.includes(port))
  const folded = ports.filter((port) => port.optional && !wired.has(port.id)).map((port) => port.id)
  return [...named.filter((port) => !folded.includes(port)), ...extra].flatMap((port) => {
    const targets: (string | null)[] = own.filter((edge) => edge.port === port).map((edge) => edge.to)
    const carries = port === 'next' ? [port, ...folded] : [port]
    return (targets.length === 0 ? [null] : targets).map((to, index) => ({
      id: `${node.id}#${port}${index === 0 ? '' : `#${index}`}`,
      from: node.id,
      port,
      to,
      carries,
    }))
  })
}

/**
 * Reverse postorder of a depth-first walk, last port first: a topological order (of a DAG) in which the first way
 * out of a branch is told before the second. Iterative: a canvas of 500 steps in a row must not exhaust the stack.
 */
export function flowOrder(nodes: readonly CanvasNode[], outlets: ReadonlyMap<string, readonly Outlet[]>): string[] {
  const entered = new Set(nodes.map((node) => node.id))
  for (const list of outlets.values()) for (const outlet of list) if (outlet.to !== null) entered.delete(outlet.to)
  const roots = nodes.filter((node) => entered.has(node.id))
  const seen = new Set<string>()
  const finished: string[] = []
  // Taken from the end: last root first, so that the first is told first; what no root reaches (a loop) is met last.
  const stack = [...nodes, ...roots].map((node) => ({ id: node.id, done: false }))
  while (stack.length > 0) {
    const step = stack.pop()
    if (step === undefined) break
    if (step.done) finished.push(step.id)
    else if (!seen.has(step.id)) {
      seen.add(step.id)
      stack.push({ id: step.id, done: true })
      for (const outlet of outlets.get(step.id) ?? [])
        if (outlet.to !== null) stack.push({ id: outlet.to, done: false })
    }
  }
  return finished.reverse()
}

/** Everything a walk may still meet after this node, itself included. */
export function downstream(graph: Graph, id: string): Set<string> {
  const found = new Set([id])
  const queue = [id]
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const { to } of graph.outlets.get(at) ?? []) {
      if (to !== null && !found.has(to)) {
        found.add(to)
        queue.push(to)
      }
    }
  }
  return found
}
