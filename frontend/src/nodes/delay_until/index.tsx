import { text as read, type Config } from '../../graph/document'
import type { Speak } from '../../text/speak'
import { icon } from '../icon'
import { details, type NodeSpec } from '../spec'

const text = {
  zh: {
    label: '等到时刻',
    until: (what: string) => `等到 ${what}`,
    workday: '工作日',
    entry: '进入',
    day: '当天',
    before: (base: string, span: string) => `${base}前 ${span}`,
    after: (base: string, span: string) => `${base}后 ${span}`,
    when: '等到',
    past: '若已过',
    pasts: { proceed: '继续往下走', exit: '离开旅程', port: '走「已过期」' },
  },
  en: {
    label: 'Delay until',
    until: (what: string) => `Until ${what}`,
    workday: 'a working day',
    entry: 'entry',
    day: 'that day',
    before: (base: string, span: string) => `${span} before ${base}`,
    after: (base: string, span: string) => `${span} after ${base}`,
    when: 'Until',
    past: 'If past',
    pasts: { proceed: 'go on', exit: 'leave the journey', port: 'leave by “Past”' },
  },
}

function day(config: Config, speak: Speak): string {
  const words = speak.pick(text)
  const attribute = read(config['attribute'])
  const offset = read(config['offset'])
  if (attribute || config['from'] === 'entry') {
    const base = attribute ? speak.words.quote(speak.attribute(attribute)) : words.entry
    if (!offset || !/[1-9]/.test(offset)) return attribute ? base : words.day
    return (speak.isBefore(offset) ? words.before : words.after)(base, speak.duration(offset))
  }
  const weekdays = Array.isArray(config['weekdays']) ? config['weekdays'] : []
  if (weekdays.length > 0)
    return weekdays.map((number) => speak.words.weekdays[Number(number) - 1] ?? '').join(speak.words.list)
  return config['workday'] === true ? words.workday : ''
}

function target(config: Config, speak: Speak): string {
  return [day(config, speak), read(config['time'])].filter(Boolean).join(' ')
}

const spec: NodeSpec = {
  type: 'delay.until',
  tone: 'wait',
  icon: icon(
    <>
      <circle cx="10" cy="10.5" r="6.8" />
      <path d="M10 6.8v3.9l2.6 1.6M7.5 1.8h5" />
    </>,
  ),
  label: (_config, speak) => speak.pick(text).label,
  summary: (config, speak) => speak.pick(text).until(target(config, speak)),
  ports: () => [{ id: 'next' }, { id: 'past', optional: true }],
  details: (config, speak) => {
    const words = speak.pick(text)
    const past = read(config['if_past'], 'proceed') as keyof typeof words.pasts
    return details([words.when, target(config, speak)], [words.past, words.pasts[past]])
  },
}
export default spec
