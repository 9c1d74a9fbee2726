/** What the editor knows about one kind of leaf. Each file of this folder has one as its default export. */

import type { ComponentType } from 'react'
import type { Config } from '../../graph/document'
import type { RuleCatalogue } from '../catalogue'

export interface LeafProps {
  readonly leaf: Config
  readonly catalogue: RuleCatalogue
  /** Whether the rule stands in a journey, where walks, messages and the clock can be asked for. */
  readonly journeys: boolean
  readonly onChange: (leaf: Config) => void
}

export interface LeafSpec {
  /** The key that names the kind in a rule. */
  readonly key: string
  /** A new leaf, to be filled in. */
  fresh(catalogue: RuleCatalogue): Config
  readonly Form: ComponentType<LeafProps>
}
