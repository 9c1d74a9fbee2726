/** Finds the kinds of leaf that can be edited: every file here but this one and the spec is one. */

import type { Config } from '../../graph/document'
import type { LeafSpec } from './spec'

const modules = import.meta.glob<{ default: LeafSpec }>('./*.tsx', { eager: true })

const specs = new Map<string, LeafSpec>()
for (const [path, { default: spec }] of Object.entries(modules)) {
  if (specs.has(spec.key)) throw new Error(`${path}: the leaf ${spec.key} stands twice`)
  specs.set(spec.key, spec)
}

export const leafSpecs: ReadonlyMap<string, LeafSpec> = specs

/** The spec of a leaf; null for a kind that can only be changed as JSON. */
export function specOf(leaf: Config): LeafSpec | null {
  for (const [key, spec] of specs) if (key in leaf) return spec
  return null
}
