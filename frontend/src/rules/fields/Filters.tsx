/** Conditions on the properties of an event: all of them must hold. */

import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { records, text, type Config } from '../../graph/document'
import { useSpeak } from '../../text/context'
import type { RuleCatalogue } from '../catalogue'
import { Condition, freshCondition } from './Condition'
import { Pick } from './Pick'

interface Props {
  readonly event: string
  readonly where: unknown
  readonly catalogue: RuleCatalogue
  readonly onChange: (where: Config[]) => void
}

export function Filters({ event, where, catalogue, onChange }: Props) {
  const { builder } = useSpeak().words
  const filters = records(where)
  const put = (index: number, filter: Config): void =>
    onChange(filters.map((each, place) => (place === index ? filter : each)))
  return (
    <div className="rule-filters">
      {filters.map((filter, index) => (
        <Filter
          key={`filter ${index + 1}`} // filters have no names, and are never moved about
          event={event}
          filter={filter}
          catalogue={catalogue}
          onChange={(changed) => put(index, changed)}
          onRemove={() => onChange(filters.filter((_, place) => place !== index))}
        />
      ))}
      <Button
        type="link"
        size="small"
        icon={<PlusOutlined />}
        disabled={event === ''}
        onClick={() => onChange([...filters, { property: '', ...freshCondition(catalogue, undefined) }])}
      >
        {builder.addFilter}
      </Button>
    </div>
  )
}

interface FilterProps {
  readonly event: string
  readonly filter: Config
  readonly catalogue: RuleCatalogue
  readonly onChange: (filter: Config) => void
  readonly onRemove: () => void
}

function Filter({ event, filter, catalogue, onChange, onRemove }: FilterProps) {
  const { builder } = useSpeak().words
  const properties = catalogue.events.find((each) => each.name === event)?.properties ?? []
  const name = text(filter['property'])
  return (
    <div className="rule-line rule-filter">
      <span className="rule-word">{builder.where}</span>
      <Pick
        value={name}
        label={builder.chooseProperty}
        missing={name === ''}
        options={properties.map((each) => ({ value: each.name, label: each.label }))}
        onChange={(property) => {
          const chosen = properties.find((each) => each.name === property)
          onChange({ property, ...freshCondition(catalogue, chosen) })
        }}
      />
      <Condition
        condition={filter}
        fact={properties.find((each) => each.name === name)}
        catalogue={catalogue}
        source={{ event, property: name }}
        onChange={onChange}
      />
      <Button type="text" size="small" icon={<CloseOutlined />} aria-label={builder.remove} onClick={onRemove} />
    </div>
  )
}
