import { text as read } from '../../graph/document'
import { icon } from '../icon'
import { details, type NodeSpec } from '../spec'

const text = { zh: { label: '离开旅程', reason: '备注' }, en: { label: 'Exit', reason: 'Remark' } }

const spec: NodeSpec = {
  type: 'exit',
  tone: 'leave',
  icon: icon(
    <>
      <path d="M12 3H5.5A1.5 1.5 0 0 0 4 4.5v11A1.5 1.5 0 0 0 5.5 17H12M8.5 10H17M14 7l3 3-3 3" />
    </>,
  ),
  label: (_config, speak) => speak.pick(text).label,
  summary: (config) => read(config['reason']),
  ports: () => [],
  details: (config, speak) => details([speak.pick(text).reason, read(config['reason'])]),
}
export default spec
