import { text } from '../../graph/document'
import { useSpeak } from '../../text/context'
import { Condition, freshCondition } from '../fields/Condition'
import { Pick } from '../fields/Pick'
import type { LeafProps, LeafSpec } from './spec'

function AttributeForm({ leaf, catalogue, onChange }: LeafProps) {
  const { builder } = useSpeak().words
  const name = text(leaf['attribute'])
  return (
    <div className="rule-line">
      <Pick
        value={name}
        label={builder.chooseAttribute}
        missing={name === ''}
        options={catalogue.attributes.map((each) => ({ value: each.name, label: each.label }))}
        onChange={(attribute) => {
          const fact = catalogue.attributes.find((each) => each.name === attribute)
          onChange({ attribute, ...freshCondition(catalogue, fact) })
        }}
      />
      {name !== '' && (
        <Condition
          condition={leaf}
          fact={catalogue.attributes.find((each) => each.name === name)}
          catalogue={catalogue}
          source={{ attribute: name }}
          onChange={onChange}
        />
      )}
    </div>
  )
}

const spec: LeafSpec = {
  key: 'attribute',
  fresh: (catalogue) => ({ attribute: '', ...freshCondition(catalogue, undefined) }),
  Form: AttributeForm,
}
export default spec
