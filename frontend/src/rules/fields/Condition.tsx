/** Operator and value, asked of one fact; and the column of a look-up table where the fact is a key of one. */

import type { Config } from '../../graph/document'
import { isRecord, text } from '../../graph/document'
import { useSpeak } from '../../text/context'
import { operatorsOf, typeOf, type Fact, type RuleCatalogue } from '../catalogue'
import { blank, carried } from '../operand'
import { Pick } from './Pick'
import type { Source } from './suggestions'
import { Value } from './Value'

interface Props {
  readonly condition: Config
  readonly fact: Fact | undefined
  readonly catalogue: RuleCatalogue
  readonly source: Source
  readonly onChange: (condition: Config) => void
}

export function Condition({ condition, fact, catalogue, source, onChange }: Props) {
  const { builder } = useSpeak().words
  const type = comparedType(condition, fact, catalogue)
  const operators = operatorsOf(catalogue, type)
  const chosen = operators.find((each) => each.op === condition['op'])
  const shape = chosen?.shape ?? 'one'
  return (
    <>
      {fact?.lookup && <Via condition={condition} fact={fact} catalogue={catalogue} onChange={onChange} />}
      <Pick
        plain
        value={condition['op']}
        label={builder.choose}
        options={operators.map((each) => ({ value: each.op, label: each.label }))}
        missing={chosen === undefined}
        onChange={(op) => {
          const next = operators.find((each) => each.op === op)
          if (next !== undefined)
            onChange(withValue({ ...condition, op }, carried(condition['value'], chosen, next, type)))
        }}
      />
      <Value
        value={condition['value']}
        shape={shape}
        type={type}
        source={isRecord(condition['via']) ? null : source}
        onChange={(value) => onChange(withValue(condition, value))}
      />
    </>
  )
}

function Via({ condition, fact, catalogue, onChange }: Omit<Props, 'source'> & { readonly fact: Fact }) {
  const { builder } = useSpeak().words
  const table = catalogue.lookups.find((each) => each.slug === fact.lookup)
  if (table === undefined) return null
  const via = isRecord(condition['via']) ? text(condition['via']['column']) : ''
  const options = table.columns.map((each) => ({ value: each.name, label: `${table.label} · ${each.label}` }))
  return (
    <Pick
      plain
      value={via === '' ? ITSELF : via}
      label={builder.via}
      options={[{ value: ITSELF, label: builder.viaNone }, ...options]}
      onChange={(column) => {
        const { via: _, ...rest } = condition
        const type = column === ITSELF ? fact.type : typeOf(table.columns, column)
        const first = operatorsOf(catalogue, type)[0]
        const asked = withValue({ ...rest, op: first?.op ?? 'eq' }, blank(first?.shape ?? 'one', type))
        onChange(column === ITSELF ? asked : { ...asked, via: { table: table.slug, column } })
      }}
    />
  )
}

const ITSELF = '='

/** The type by which values are compared: that of the looked-up column, else of the fact itself. */
function comparedType(condition: Config, fact: Fact | undefined, catalogue: RuleCatalogue): string {
  const via = condition['via']
  if (!isRecord(via)) return fact?.type ?? 'text'
  const table = catalogue.lookups.find((each) => each.slug === via['table'])
  return typeOf(table?.columns ?? [], via['column'])
}

function withValue(condition: Config, value: unknown): Config {
  const { value: _, ...rest } = condition
  return value === undefined ? rest : { ...rest, value }
}

/** A new condition on a fact: its type's first operator, and an empty value. */
export function freshCondition(catalogue: RuleCatalogue, fact: Fact | undefined): Config {
  const type = fact?.type ?? 'text'
  const first = operatorsOf(catalogue, type)[0]
  return withValue({ op: first?.op ?? 'eq' }, blank(first?.shape ?? 'one', type))
}
