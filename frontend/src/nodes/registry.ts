/** Finds the node types: every folder here is one. A type nobody knows, or a config that breaks its spec, is a plain card with a warning. */

import type { CanvasNode } from '../graph/document'
import type { Port } from '../graph/graph'
import type { Speak } from '../text/speak'
import { NEXT, type Detail, type NodeSpec } from './spec'
import { unknownSpec } from './unknown'

const modules = import.meta.glob<{ default: NodeSpec }>('./*/index.tsx', { eager: true })

const specs = new Map<string, NodeSpec>()
for (const [path, { default: spec }] of Object.entries(modules)) {
  if (specs.has(spec.type)) throw new Error(`${path}: the node type ${spec.type} stands twice`)
  specs.set(spec.type, spec)
}

export const nodeTypes: ReadonlyMap<string, NodeSpec> = specs

/**
 * A node as a reader meets it: a title, and a line under it. Without a name what it does is the title, and the line
 * tells its kind. `warning` is set when the program could not make sense of it.
 */
export interface Reading {
  readonly spec: NodeSpec
  readonly title: string
  readonly label: string
  readonly line: string
  readonly details: readonly Detail[]
  readonly warning: string | null
}

export function readNode(node: CanvasNode, speak: Speak): Reading {
  const spec = specs.get(node.type)
  if (spec === undefined) return broken(node, speak, speak.words.canvas.unsupported(node.type))
  try {
    const label = spec.label(node.config, speak)
    const summary = spec.summary(node.config, speak)
    const details = spec.details?.(node.config, speak) ?? []
    const said = sentence(summary, speak)
    const title = node.name || said || label
    // A goal is often named as its step is; nobody wants to read that twice.
    const rest = said.startsWith(title + speak.words.comma) ? said.slice(title.length + speak.words.comma.length) : said
    const line = [rest, label].find((each) => each !== '' && each !== title) ?? ''
    return { spec, label, title, line, details, warning: null }
  } catch {
    return { ...broken(node, speak, speak.words.canvas.unreadable), spec }
  }
}

/** Chinese has no capitals; an English line begins with one. */
function sentence(words: string, speak: Speak): string {
  return speak.lang === 'zh' ? words : words.charAt(0).toUpperCase() + words.slice(1)
}

function broken(node: CanvasNode, speak: Speak, warning: string): Reading {
  const label = unknownSpec.label(node.config, speak)
  return { spec: unknownSpec, label, title: node.name || node.type || node.id, line: '', details: [], warning }
}

export function portsOf(node: CanvasNode): readonly Port[] {
  const spec = specs.get(node.type)
  if (spec === undefined) return []
  try {
    return spec.ports?.(node.config) ?? NEXT
  } catch {
    return []
  }
}

export function portLabel(node: CanvasNode, port: string, speak: Speak): string {
  try {
    const own = specs.get(node.type)?.portLabel?.(port, node.config, speak)
    if (own) return own
  } catch {
    // the config is broken; the card says so, and the way out keeps its plain name
  }
  return speak.words.ports[port] ?? port
}
