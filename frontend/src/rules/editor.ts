/** What every part of the editor needs: the rule, what it can be made of, what is wrong with it, and how to change it. */

import { createContext, useContext } from 'react'
import type { RuleCatalogue } from './catalogue'
import { leafSpecs } from './leaves/registry'
import type { LeafSpec } from './leaves/spec'
import { EVERYBODY, type Rule } from './rule'

export interface RuleProblem {
  /** within the rule, as the server writes it: `all[1].value` */
  readonly path: string
  readonly detail: string
  readonly severity: 'error' | 'warning'
}

export interface OfferedKind {
  readonly spec: LeafSpec
  readonly label: string
}

export interface Editor {
  readonly root: Rule
  readonly catalogue: RuleCatalogue
  readonly kinds: readonly OfferedKind[]
  readonly journeys: boolean
  readonly problems: readonly RuleProblem[]
  readonly change: (rule: Rule) => void
}

/** The kinds of leaf that can be added here, in the server's order. */
export function offeredKinds(catalogue: RuleCatalogue, journeys: boolean): OfferedKind[] {
  return catalogue.leaves.flatMap(({ key, label, journeysOnly }) => {
    const spec = leafSpecs.get(key)
    return spec !== undefined && (journeys || !journeysOnly) ? [{ spec, label }] : []
  })
}

const EditorContext = createContext<Editor>({
  root: EVERYBODY,
  catalogue: {
    leaves: [],
    operators: {},
    measures: [],
    attributes: [],
    events: [],
    tags: [],
    audiences: [],
    lookups: [],
    channels: [],
    categories: [],
    identities: [],
  },
  kinds: [],
  journeys: false,
  problems: [],
  change: () => undefined,
})

export const EditorProvider = EditorContext.Provider

export function useEditor(): Editor {
  return useContext(EditorContext)
}
