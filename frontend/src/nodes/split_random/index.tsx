import { records, text as read, type Config } from '../../graph/document'
import type { Speak } from '../../text/speak'
import { icon } from '../icon'
import type { NodeSpec } from '../spec'

const text = { zh: { label: '随机分流' }, en: { label: 'Random split' } }

const nameOf = (way: Config): string => read(way['name']) || read(way['id'])

function percent(way: Config, speak: Speak): string {
  return typeof way['percent'] === 'number' ? `${speak.value(way['percent'])}%` : speak.words.unknown
}

const share = (way: Config, speak: Speak): string => `${nameOf(way)} ${percent(way, speak)}`

const spec: NodeSpec = {
  type: 'split.random',
  tone: 'split',
  icon: icon(
    <>
      <circle cx="10" cy="10" r="7" />
      <path d="M10 10V3M10 10l5 5M10 10l-5 5" />
    </>,
  ),
  label: (_config, speak) => speak.pick(text).label,
  summary: (config, speak) =>
    records(config['ways'])
      .map((way) => share(way, speak))
      .join(' · '),
  ports: (config) => records(config['ways']).map((way) => ({ id: read(way['id']) })),
  portLabel: (port, config, speak) => {
    const way = records(config['ways']).find((each) => read(each['id']) === port)
    return way && share(way, speak)
  },
  details: (config, speak) =>
    records(config['ways']).map((way) => ({ label: nameOf(way), value: percent(way, speak) })),
}
export default spec
