import { text, type Config } from '../../graph/document'
import { useSpeak } from '../../text/context'
import type { RuleCatalogue } from '../catalogue'
import { operatorsOf } from '../catalogue'
import { Condition } from '../fields/Condition'
import { Filters } from '../fields/Filters'
import { Pick } from '../fields/Pick'
import { Window } from '../fields/Window'
import { blank } from '../operand'
import type { LeafProps, LeafSpec } from './spec'

function EventForm(props: LeafProps) {
  const { leaf, catalogue, journeys, onChange } = props
  const { builder } = useSpeak().words
  const event = text(leaf['event'])
  return (
    <>
      <div className="rule-line">
        <Window
          value={leaf['window']}
          journeys={journeys}
          onChange={(window) => onChange(put(leaf, 'window', window))}
        />
        <Pick
          value={event}
          label={builder.chooseEvent}
          missing={event === ''}
          options={catalogue.events.map((each) => ({ value: each.name, label: each.label }))}
          onChange={(name) => onChange({ ...leaf, event: name, where: [] })}
        />
        <Measure {...props} />
      </div>
      <Filters
        event={event}
        where={leaf['where']}
        catalogue={catalogue}
        onChange={(where) => onChange({ ...leaf, where })}
      />
    </>
  )
}

/** How often, how much, when: the measure, of which property, and what it is compared with. */
function Measure({ leaf, catalogue, onChange }: LeafProps) {
  const { builder } = useSpeak().words
  const measure = text(leaf['measure'], 'count') || 'count'
  const found = catalogue.measures.find((each) => each.value === measure)
  const properties = catalogue.events.find((each) => each.name === leaf['event'])?.properties ?? []
  return (
    <>
      <Pick
        plain
        value={measure}
        label={builder.choose}
        options={catalogue.measures}
        onChange={(chosen) => onChange(measured(leaf, chosen, catalogue))}
      />
      {found?.needsProperty && (
        <Pick
          value={leaf['property']}
          label={builder.chooseProperty}
          missing={text(leaf['property']) === ''}
          options={properties.map((each) => ({ value: each.name, label: each.label }))}
          onChange={(property) => onChange({ ...leaf, property })}
        />
      )}
      <Condition
        condition={{ op: leaf['op'] ?? 'gte', value: 'op' in leaf ? leaf['value'] : 1 }}
        fact={{ name: measure, label: measure, type: found?.type ?? 'number', lookup: null }}
        catalogue={catalogue}
        source={null}
        onChange={(changed) => onChange({ ...without(leaf, 'value'), ...changed })}
      />
    </>
  )
}

/** Another measure is asked by its own type's operators. */
function measured(leaf: Config, measure: string, catalogue: RuleCatalogue): Config {
  const before = catalogue.measures.find((each) => each.value === (leaf['measure'] ?? 'count'))
  const after = catalogue.measures.find((each) => each.value === measure)
  const kept = after?.needsProperty ? leaf : without(leaf, 'property')
  if (before?.type === after?.type) return { ...kept, measure }
  const first = operatorsOf(catalogue, after?.type ?? 'number')[0]
  return { ...kept, measure, op: first?.op, value: blank(first?.shape ?? 'one', after?.type ?? 'number') }
}

function put(leaf: Config, key: string, value: unknown): Config {
  return value === undefined ? without(leaf, key) : { ...leaf, [key]: value }
}

function without(leaf: Config, key: string): Config {
  return Object.fromEntries(Object.entries(leaf).filter(([each]) => each !== key))
}

const spec: LeafSpec = {
  key: 'event',
  fresh: () => ({ event: '', where: [], measure: 'count', op: 'gte', value: 1, window: { last: 'P30D' } }),
  Form: EventForm,
}
export default spec
