import { records, text as read, type Config } from '../../graph/document'
import type { Speak } from '../../text/speak'
import { icon } from '../icon'
import { details, phrase, type NodeSpec } from '../spec'

const text = {
  zh: {
    label: '等待事件',
    wait: (events: string) => `等${events}`,
    most: (span: string) => `最多 ${span}`,
    timeout: '最多等',
    from: '从何时算起',
    entry: '进入旅程',
    arrival: '到达这一步',
  },
  en: {
    label: 'Wait for event',
    wait: (events: string) => `Wait for ${events}`,
    most: (span: string) => `at most ${span}`,
    timeout: 'At most',
    from: 'Counted from',
    entry: 'entry',
    arrival: 'arrival here',
  },
}

function pathWords(path: Config, speak: Speak): string {
  const where = speak.filters(path['where'])
  return `${speak.event(path['event'])}${where && `${speak.words.open}${where}${speak.words.close}`}`
}

const spec: NodeSpec = {
  type: 'wait.event',
  tone: 'wait',
  icon: icon(
    <>
      <path d="M10 3v1.5M5.8 13.5V9a4.2 4.2 0 0 1 8.4 0v4.5l1.3 1.5h-11l1.3-1.5ZM8.5 17.2h3" />
    </>,
  ),
  label: (_config, speak) => speak.pick(text).label,
  summary: (config, speak) => {
    const words = speak.pick(text)
    const events = records(config['paths'])
      .map((path) => speak.event(path['event']))
      .join(speak.words.or)
    return phrase(speak, words.wait(events), words.most(speak.duration(config['timeout'])))
  },
  ports: (config) => [...records(config['paths']).map((path) => ({ id: read(path['id']) })), { id: 'timeout' }],
  portLabel: (port, config, speak) => {
    const path = records(config['paths']).find((each) => read(each['id']) === port)
    return path && (read(path['name']) || speak.event(path['event']))
  },
  details: (config, speak) => {
    const words = speak.pick(text)
    return [
      ...records(config['paths']).map((path) => ({
        label: read(path['name']) || read(path['id']),
        value: pathWords(path, speak),
      })),
      ...details(
        [words.timeout, speak.duration(config['timeout'])],
        [words.from, config['count_from'] === 'entry' ? words.entry : words.arrival],
      ),
    ]
  },
}
export default spec
