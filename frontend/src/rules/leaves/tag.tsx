import { text } from '../../graph/document'
import { useSpeak } from '../../text/context'
import { Condition, freshCondition } from '../fields/Condition'
import { Pick } from '../fields/Pick'
import type { LeafProps, LeafSpec } from './spec'

function TagForm({ leaf, catalogue, onChange }: LeafProps) {
  const { builder } = useSpeak().words
  const slug = text(leaf['tag'])
  const tag = catalogue.tags.find((each) => each.name === slug)
  const plain = tag?.plain ?? true
  const choose = (chosen: string): void => {
    const next = catalogue.tags.find((each) => each.name === chosen)
    onChange(next?.plain === false ? { tag: chosen, ...freshCondition(catalogue, next) } : { tag: chosen, op: 'has' })
  }
  const names = catalogue.tags.map((each) => ({ value: each.name, label: each.label }))
  const source = { values: tag?.values ?? [] }
  return (
    <div className="rule-line">
      {plain && <Has op={leaf['op']} onChange={(op) => onChange({ tag: slug, op })} />}
      <Pick value={slug} label={builder.chooseTag} missing={slug === ''} options={names} onChange={choose} />
      {!plain && <Condition condition={leaf} fact={tag} catalogue={catalogue} source={source} onChange={onChange} />}
    </div>
  )
}

function Has({ op, onChange }: { readonly op: unknown; readonly onChange: (op: string) => void }) {
  const { builder } = useSpeak().words
  const both = [
    { value: 'has', label: builder.has },
    { value: 'has_not', label: builder.hasNot },
  ]
  return <Pick plain value={op} label={builder.choose} options={both} onChange={onChange} />
}

const spec: LeafSpec = { key: 'tag', fresh: () => ({ tag: '', op: 'has' }), Form: TagForm }
export default spec
