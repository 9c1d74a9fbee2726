/** Events one after the other, the last of which may be something that was not done. */

import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox } from 'antd'
import { records, text, type Config } from '../../graph/document'
import { useSpeak } from '../../text/context'
import type { RuleCatalogue } from '../catalogue'
import { Duration } from '../fields/Duration'
import { Filters } from '../fields/Filters'
import { Pick } from '../fields/Pick'
import { Window } from '../fields/Window'
import type { LeafProps, LeafSpec } from './spec'

function SequenceForm({ leaf, catalogue, journeys, onChange }: LeafProps) {
  const steps = records(leaf['sequence'])
  const save = (sequence: Config[]): void => onChange({ ...leaf, sequence })
  return (
    <>
      <div className="rule-line">
        <Window
          value={leaf['window']}
          journeys={journeys}
          onChange={(window) => {
            const { window: _, ...rest } = leaf
            onChange(window === undefined ? rest : { ...rest, window })
          }}
        />
      </div>
      {steps.map((step, index) => (
        <Step
          key={`step ${index + 1}`} // steps have no names; their order is what they are
          step={step}
          first={index === 0}
          catalogue={catalogue}
          onChange={(changed) => save(steps.map((each, place) => (place === index ? changed : each)))}
          onRemove={steps.length > 1 ? () => save(steps.filter((_, place) => place !== index)) : null}
        />
      ))}
      <More onAdd={(step) => save([...steps, step])} />
    </>
  )
}

function More({ onAdd }: { readonly onAdd: (step: Config) => void }) {
  const { builder } = useSpeak().words
  const add = (label: string, step: Config) => (
    <Button type="link" size="small" icon={<PlusOutlined />} onClick={() => onAdd(step)}>
      {label}
    </Button>
  )
  return (
    <div className="rule-line">
      {add(builder.sequence.add, { event: '', where: [] })}
      {add(builder.sequence.addAbsent, { absent: '', where: [], within: 'P7D' })}
    </div>
  )
}

interface StepProps {
  readonly step: Config
  readonly first: boolean
  readonly catalogue: RuleCatalogue
  readonly onChange: (step: Config) => void
  readonly onRemove: (() => void) | null
}

function Step({ step, first, catalogue, onChange, onRemove }: StepProps) {
  const { builder } = useSpeak().words
  const absent = 'absent' in step
  const key = absent ? 'absent' : 'event'
  const name = text(step[key])
  const said = absent ? builder.sequence.absent : first ? builder.sequence.first : builder.sequence.next
  return (
    <div className="rule-step">
      <div className="rule-line">
        <span className="rule-word">{said}</span>
        <Pick
          value={name}
          label={builder.chooseEvent}
          missing={name === ''}
          options={catalogue.events.map((each) => ({ value: each.name, label: each.label }))}
          onChange={(event) => onChange({ ...step, [key]: event, where: [] })}
        />
        <Within step={step} optional={!absent} shown={!first || absent} onChange={onChange} />
        {onRemove !== null && (
          <Button type="text" size="small" icon={<CloseOutlined />} aria-label={builder.remove} onClick={onRemove} />
        )}
      </div>
      <Filters
        event={name}
        where={step['where']}
        catalogue={catalogue}
        onChange={(where) => onChange({ ...step, where })}
      />
    </div>
  )
}

interface WithinProps {
  readonly step: Config
  readonly optional: boolean
  readonly shown: boolean
  readonly onChange: (step: Config) => void
}

function Within({ step, optional, shown, onChange }: WithinProps) {
  const { sequence } = useSpeak().words.builder
  const { within, ...open } = step
  if (!shown) return null
  return (
    <>
      {optional && (
        <Checkbox
          checked={within !== undefined}
          onChange={(event) => onChange(event.target.checked ? { ...step, within: 'P7D' } : open)}
        >
          {sequence.limit}
        </Checkbox>
      )}
      {within !== undefined && (
        <Duration value={within} onChange={(span) => onChange({ ...step, within: span })} label={sequence.within} />
      )}
    </>
  )
}

const spec: LeafSpec = {
  key: 'sequence',
  fresh: () => ({
    sequence: [
      { event: '', where: [] },
      { absent: '', where: [], within: 'P1D' },
    ],
    window: { last: 'P30D' },
  }),
  Form: SequenceForm,
}
export default spec
