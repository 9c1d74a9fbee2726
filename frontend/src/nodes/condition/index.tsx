import { icon } from '../icon'
import { details, type NodeSpec } from '../spec'

const text = { zh: { label: '条件判断', rule: '判断' }, en: { label: 'Condition', rule: 'Question' } }

const spec: NodeSpec = {
  type: 'condition',
  tone: 'choose',
  icon: icon(
    <>
      <path d="M10 2.8 17.2 10 10 17.2 2.8 10 10 2.8Z" />
      <path d="M8.3 8.3a1.8 1.8 0 1 1 2.5 1.7c-.6.3-.8.6-.8 1.2" />
      <path d="M10 13.3v.1" />
    </>,
  ),
  label: (_config, speak) => speak.pick(text).label,
  summary: (config, speak) => speak.rule(config['rule']),
  ports: () => [{ id: 'yes' }, { id: 'no' }],
  details: (config, speak) => details([speak.pick(text).rule, speak.rule(config['rule'])]),
}
export default spec
