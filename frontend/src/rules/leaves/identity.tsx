import { useSpeak } from '../../text/context'
import { Pick } from '../fields/Pick'
import type { LeafProps, LeafSpec } from './spec'

function IdentityForm({ leaf, catalogue, onChange }: LeafProps) {
  const { builder } = useSpeak().words
  const both = [
    { value: 'is_set', label: builder.has },
    { value: 'not_set', label: builder.hasNot },
  ]
  return (
    <div className="rule-line">
      <Pick
        plain
        value={leaf['op']}
        label={builder.choose}
        options={both}
        onChange={(op) => onChange({ ...leaf, op })}
      />
      <Pick
        value={leaf['identity']}
        label={builder.choose}
        options={catalogue.identities}
        onChange={(identity) => onChange({ ...leaf, identity })}
      />
    </div>
  )
}

const spec: LeafSpec = {
  key: 'identity',
  fresh: (catalogue) => ({ identity: catalogue.identities[0]?.value ?? 'phone', op: 'is_set' }),
  Form: IdentityForm,
}
export default spec
