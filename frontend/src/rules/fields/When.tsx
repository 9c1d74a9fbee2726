/** A date, or an instant with offset: what the rule language takes, both by one picker. */

import { DatePicker } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'

interface Props {
  readonly value: unknown
  readonly onChange: (written: string) => void
  readonly label: string
  /** Whether a time of day may be given. */
  readonly timed: boolean
}

export function When({ value, onChange, label, timed }: Props) {
  const written = typeof value === 'string' ? value : ''
  const day = written === '' ? null : dayjs(written)
  return (
    <DatePicker
      className="rule-date"
      value={day !== null && day.isValid() ? day : null}
      showTime={timed && !isPlainDay(written) && written !== '' ? { format: 'HH:mm' } : false}
      aria-label={label}
      placeholder={label}
      allowClear={false}
      onChange={(found) => found !== null && onChange(text(found, timed && !isPlainDay(written) && written !== ''))}
    />
  )
}

function isPlainDay(written: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(written)
}

function text(day: Dayjs, timed: boolean): string {
  return timed ? day.format('YYYY-MM-DDTHH:mm:ssZ') : day.format('YYYY-MM-DD')
}
