/** What a condition compares with: the field that fits the operator's shape and the type of what is asked. */

import { AutoComplete, InputNumber, Segmented, Select, Space } from 'antd'
import { useSpeak } from '../../text/context'
import type { Shape } from '../catalogue'
import { isMissing } from '../operand'
import { Duration } from './Duration'
import { useSuggestions, type Source } from './suggestions'
import { When } from './When'

interface Props {
  readonly value: unknown
  readonly shape: Shape
  readonly type: string
  readonly source: Source
  readonly onChange: (value: unknown) => void
}

export function Value(props: Props) {
  const { words } = useSpeak()
  const { shape, value, onChange } = props
  if (shape === 'nothing') return null
  if (shape === 'duration') return <Duration value={value} onChange={onChange} label={words.builder.value} />
  if (shape === 'many') return <Many {...props} />
  if (shape === 'pair') {
    const [low, high] = Array.isArray(value) ? (value as unknown[]) : []
    return (
      <Space size={6}>
        <One {...props} value={low} label={words.builder.from} onChange={(each) => onChange([each, high])} />
        <span className="rule-word">{words.builder.and}</span>
        <One {...props} value={high} label={words.builder.to} onChange={(each) => onChange([low, each])} />
      </Space>
    )
  }
  return <One {...props} label={words.builder.value} />
}

interface OneProps extends Props {
  readonly label: string
}

function One(props: OneProps) {
  const { value, type, label, onChange } = props
  if (type === 'number' || type === 'money') {
    return (
      <InputNumber<number>
        className="rule-number"
        value={typeof value === 'number' ? value : null}
        aria-label={label}
        status={typeof value === 'number' ? '' : 'error'}
        onChange={(n) => onChange(n ?? '')}
      />
    )
  }
  if (type === 'boolean') return <YesNo value={value} onChange={onChange} />
  if (type === 'date' || type === 'datetime') {
    return <When value={value} onChange={onChange} label={label} timed={type === 'datetime'} />
  }
  return <Text {...props} />
}

function YesNo({ value, onChange }: Pick<Props, 'value' | 'onChange'>) {
  const { builder } = useSpeak().words
  const both = [
    { value: 'yes', label: builder.yes },
    { value: 'no', label: builder.no },
  ]
  return (
    <Segmented options={both} value={value === true ? 'yes' : 'no'} onChange={(chosen) => onChange(chosen === 'yes')} />
  )
}

function Text({ value, source, label, onChange }: OneProps) {
  const { options, search } = useSuggestions(source)
  const written = value === undefined || value === null ? '' : String(value)
  return (
    <AutoComplete
      className="rule-text"
      value={written}
      options={options}
      aria-label={label}
      placeholder={label}
      status={isMissing(value, 'one') ? 'error' : ''}
      popupMatchSelectWidth={false}
      onFocus={() => search('')}
      onChange={(typed) => {
        onChange(typed)
        search(typed)
      }}
    />
  )
}

function Many({ value, type, source, onChange }: Props) {
  const { words } = useSpeak()
  const { options, search } = useSuggestions(source)
  const numeric = type === 'number' || type === 'money'
  const chosen = Array.isArray(value) ? value.map((each) => String(each)) : []
  const read = (texts: string[]): unknown[] =>
    numeric ? texts.map(Number).filter((each) => Number.isFinite(each)) : texts
  return (
    <Select<string[]>
      className="rule-many"
      mode="tags"
      value={chosen}
      options={options}
      placeholder={words.builder.values}
      aria-label={words.builder.values}
      status={chosen.length === 0 ? 'error' : ''}
      tokenSeparators={[',', '，', '、', '\n', '\t']}
      popupMatchSelectWidth={false}
      showSearch={{ onSearch: search }}
      onFocus={() => search('')}
      onChange={(texts) => onChange(read(texts))}
    />
  )
}
