import { records, text as read, type Config } from '../../graph/document'
import { icon } from '../icon'
import type { NodeSpec } from '../spec'

const text = {
  zh: { label: '多路分支', ways: (n: string) => `按顺序判断 ${n} 条路径` },
  en: { label: 'Branch', ways: (n: string) => `First of ${n} ways that holds` },
}

const nameOf = (path: Config): string => read(path['name']) || read(path['id'])

const spec: NodeSpec = {
  type: 'branch',
  tone: 'choose',
  icon: icon(
    <>
      <path d="M10 17.5v-4.5M10 13C5.5 12.5 4.5 9 4.5 4.5M10 13c4.5-.5 5.5-4 5.5-8.5M10 13V4" />
      <path d="m2.8 6 1.7-1.7L6.2 6M8.3 5.5 10 3.8l1.7 1.7M13.8 6l1.7-1.7L17.2 6" />
    </>,
  ),
  label: (_config, speak) => speak.pick(text).label,
  summary: (config, speak) => speak.pick(text).ways(speak.count(records(config['paths']).length)),
  ports: (config) => [...records(config['paths']).map((path) => ({ id: read(path['id']) })), { id: 'else' }],
  portLabel: (port, config) => {
    const path = records(config['paths']).find((each) => read(each['id']) === port)
    return path && nameOf(path)
  },
  details: (config, speak) =>
    records(config['paths']).map((path) => ({ label: nameOf(path), value: speak.rule(path['rule']) })),
}
export default spec
