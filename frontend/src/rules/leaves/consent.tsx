import { useSpeak } from '../../text/context'
import { Pick } from '../fields/Pick'
import type { LeafProps, LeafSpec } from './spec'

function ConsentForm({ leaf, catalogue, onChange }: LeafProps) {
  const { builder } = useSpeak().words
  const states = Object.entries(builder.consent).map(([value, label]) => ({ value, label }))
  return (
    <div className="rule-line">
      <Pick
        value={leaf['consent']}
        label={builder.choose}
        options={catalogue.channels}
        onChange={(consent) => onChange({ ...leaf, consent })}
      />
      <Pick
        plain
        value={leaf['category']}
        label={builder.choose}
        options={catalogue.categories}
        onChange={(category) => onChange({ ...leaf, category })}
      />
      <Pick
        plain
        value={leaf['is']}
        label={builder.choose}
        options={states}
        onChange={(is) => onChange({ ...leaf, is })}
      />
    </div>
  )
}

const spec: LeafSpec = {
  key: 'consent',
  fresh: (catalogue) => ({
    consent: catalogue.channels[0]?.value ?? 'sms',
    category: catalogue.categories[0]?.value ?? 'marketing',
    is: 'given',
  }),
  Form: ConsentForm,
}
export default spec
