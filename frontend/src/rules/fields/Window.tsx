/** The window of time that a condition on events looks at. */

import { InputNumber, Select } from 'antd'
import { isRecord } from '../../graph/document'
import { useSpeak } from '../../text/context'
import { Duration } from './Duration'
import { Pick } from './Pick'
import { When } from './When'

interface Props {
  readonly value: unknown
  readonly journeys: boolean
  readonly onChange: (window: unknown) => void
}

type Kind = 'ever' | 'last' | 'between' | 'calendar' | 'entry'

const BLANK: Readonly<Record<Kind, unknown>> = {
  ever: undefined,
  last: { last: 'P30D' },
  between: { from: '', to: '' },
  calendar: { calendar: 'month', back: 0 },
  entry: { since: 'entry' },
}

export function Window({ value, journeys, onChange }: Props) {
  const { builder } = useSpeak().words
  const kind = kindOf(value)
  const kinds = (Object.keys(BLANK) as Kind[]).filter((each) => journeys || each !== 'entry')
  return (
    <>
      <Pick
        plain
        value={kind}
        label={builder.windows.ever}
        options={kinds.map((each) => ({ value: each, label: builder.windows[each] }))}
        onChange={(chosen) => onChange(BLANK[chosen as Kind])}
      />
      {isRecord(value) && kind === 'last' && (
        <Duration value={value['last']} onChange={(last) => onChange({ last })} label={builder.windows.last} />
      )}
      {isRecord(value) && kind === 'between' && <Between value={value} onChange={onChange} />}
      {isRecord(value) && kind === 'calendar' && <Calendar value={value} onChange={onChange} />}
    </>
  )
}

function kindOf(value: unknown): Kind {
  if (!isRecord(value)) return 'ever'
  if ('last' in value) return 'last'
  if ('calendar' in value) return 'calendar'
  return 'since' in value ? 'entry' : 'between'
}

interface PartProps {
  readonly value: Readonly<Record<string, unknown>>
  readonly onChange: (window: unknown) => void
}

/** Either end may be left open; the second day is the first that is no longer in. */
function Between({ value, onChange }: PartProps) {
  const { builder } = useSpeak().words
  const put = (key: 'from' | 'to', day: string): void => onChange({ ...value, [key]: day })
  return (
    <>
      <When value={value['from']} onChange={(day) => put('from', day)} label={builder.from} timed={false} />
      <span className="rule-word">{builder.and}</span>
      <When value={value['to']} onChange={(day) => put('to', day)} label={builder.to} timed={false} />
    </>
  )
}

function Calendar({ value, onChange }: PartProps) {
  const { builder } = useSpeak().words
  const periods = Object.entries(builder.calendars).map(([period, label]) => ({ value: period, label }))
  return (
    <>
      <Select<string>
        className="rule-unit"
        value={String(value['calendar'])}
        options={periods}
        aria-label={builder.windows.calendar}
        onChange={(calendar) => onChange({ ...value, calendar })}
      />
      <InputNumber<number>
        className="rule-number"
        value={Number(value['back'] ?? 0)}
        min={0}
        precision={0}
        aria-label={builder.back}
        title={builder.back}
        onChange={(back) => onChange({ ...value, back: back ?? 0 })}
      />
    </>
  )
}
