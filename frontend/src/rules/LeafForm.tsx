/** The form of one condition; of a kind without one, what it says. */

import { useSpeak } from '../text/context'
import { useEditor } from './editor'
import { specOf } from './leaves/registry'
import { replace, type Place, type Rule } from './rule'

export function LeafForm({ rule, place }: { readonly rule: Rule; readonly place: Place }) {
  const { builder } = useSpeak().words
  const { root, catalogue, journeys, change } = useEditor()
  const spec = specOf(rule)
  if (spec === null) {
    return (
      <p className="rule-unsupported">
        <code>{JSON.stringify(rule)}</code>
        <small>{builder.unsupported}</small>
      </p>
    )
  }
  return (
    <spec.Form
      leaf={rule}
      catalogue={catalogue}
      journeys={journeys}
      onChange={(leaf) => change(replace(root, place, leaf))}
    />
  )
}
