/** A duration in one unit. One in several units (P1DT2H) is shown as it is written. */

import { Input, InputNumber, Select, Space } from 'antd'
import { useSpeak } from '../../text/context'
import { amountOf, durationOf, type Unit } from '../operand'

interface Props {
  readonly value: unknown
  readonly onChange: (iso: string) => void
  readonly label: string
}

export function Duration({ value, onChange, label }: Props) {
  const { words } = useSpeak()
  const amount = amountOf(value)
  if (amount === null) {
    return (
      <Input
        className="rule-short"
        value={String(value ?? '')}
        aria-label={label}
        onChange={(event) => onChange(event.target.value)}
      />
    )
  }
  const units = Object.entries(words.builder.units).map(([unit, said]) => ({ value: unit as Unit, label: said }))
  return (
    <Space.Compact>
      <InputNumber<number>
        className="rule-number"
        value={amount.n}
        min={0}
        precision={0}
        aria-label={label}
        onChange={(n) => onChange(durationOf({ ...amount, n: n ?? 0 }))}
      />
      <Select<Unit>
        className="rule-unit"
        value={amount.unit}
        options={units}
        aria-label={label}
        popupMatchSelectWidth={false}
        onChange={(unit) => onChange(durationOf({ ...amount, unit }))}
      />
    </Space.Compact>
  )
}
