import { text as read, type Config } from '../../graph/document'
import type { Speak } from '../../text/speak'
import { icon } from '../icon'
import { details, phrase, type NodeSpec } from '../spec'

const text = {
  zh: {
    label: '等待时长',
    wait: (span: string) => `等待 ${span}`,
    calendar: '按日历日',
    at: (clock: string) => `到 ${clock}`,
    duration: '时长',
    count: '算法',
    exact: '按整 24 小时',
    after: '再等到',
  },
  en: {
    label: 'Delay',
    wait: (span: string) => `Wait ${span}`,
    calendar: 'calendar days',
    at: (clock: string) => `until ${clock}`,
    duration: 'For',
    count: 'Counted as',
    exact: 'full 24 hours',
    after: 'Then until',
  },
}

function time(config: Config, speak: Speak): string | false {
  return read(config['then_at']) !== '' && speak.pick(text).at(read(config['then_at']))
}

const spec: NodeSpec = {
  type: 'delay.for',
  tone: 'wait',
  icon: icon(
    <>
      <path d="M5.5 3h9M5.5 17h9M6.5 3c0 4 3.5 4.5 3.5 7s-3.5 3-3.5 7M13.5 3c0 4-3.5 4.5-3.5 7s3.5 3 3.5 7" />
    </>,
  ),
  label: (_config, speak) => speak.pick(text).label,
  summary: (config, speak) => {
    const words = speak.pick(text)
    return phrase(
      speak,
      words.wait(speak.duration(config['duration'])),
      config['days'] === 'calendar' && words.calendar,
      time(config, speak),
    )
  },
  details: (config, speak) => {
    const words = speak.pick(text)
    const how = config['days'] === 'calendar' ? words.calendar : words.exact
    return details(
      [words.duration, speak.duration(config['duration'])],
      [words.count, how],
      [words.after, read(config['then_at'])],
    )
  },
}
export default spec
