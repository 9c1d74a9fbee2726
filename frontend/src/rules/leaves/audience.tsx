import { text } from '../../graph/document'
import { useSpeak } from '../../text/context'
import { Pick } from '../fields/Pick'
import type { LeafProps, LeafSpec } from './spec'

function AudienceForm({ leaf, catalogue, onChange }: LeafProps) {
  const { builder } = useSpeak().words
  return (
    <div className="rule-line">
      <Pick
        value={leaf['audience']}
        label={builder.chooseAudience}
        missing={text(leaf['audience']) === ''}
        options={catalogue.audiences}
        onChange={(audience) => onChange({ audience })}
      />
    </div>
  )
}

const spec: LeafSpec = { key: 'audience', fresh: () => ({ audience: '' }), Form: AudienceForm }
export default spec
