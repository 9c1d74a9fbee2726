/** One of many by its name: typing filters, by label and by the name that programs use. */

import { Select } from 'antd'
import { useSpeak } from '../../text/context'

interface Option {
  readonly value: string
  readonly label: string
}

interface Props {
  readonly value: unknown
  readonly options: readonly Option[]
  readonly onChange: (value: string) => void
  readonly label: string
  readonly width?: number
  /** Nothing to search where there are a few. */
  readonly plain?: boolean
  readonly missing?: boolean
}

export function Pick({ value, options, onChange, label, width, plain = false, missing = false }: Props) {
  const { words } = useSpeak()
  const chosen = typeof value === 'string' && value !== '' ? value : undefined
  // What the workspace does not know (any more) is still shown, under its own name.
  const known = chosen === undefined || options.some((each) => each.value === chosen)
  const all = known ? options : [{ value: chosen ?? '', label: chosen ?? '' }, ...options]
  return (
    <Select<string, Option>
      className="rule-pick"
      style={width === undefined ? {} : { width }}
      value={chosen ?? null}
      options={[...all]}
      placeholder={label}
      aria-label={label}
      status={missing ? 'error' : ''}
      popupMatchSelectWidth={false}
      onChange={onChange}
      notFoundContent={words.builder.choose}
      {...(plain ? {} : { showSearch: { filterOption: fits } })}
    />
  )
}

function fits(input: string, option?: Option): boolean {
  const wanted = input.trim().toLowerCase()
  return option !== undefined && `${option.label} ${option.value}`.toLowerCase().includes(wanted)
}
