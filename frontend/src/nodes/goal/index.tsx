import { isRecord, text as read, type Config } from '../../graph/document'
import { referenceWords } from '../../text/rule'
import type { Speak } from '../../text/speak'
import { icon } from '../icon'
import { details, phrase, type NodeSpec } from '../spec'

const text = {
  zh: { label: '达成目标', name: '目标', value: '价值', worth: (amount: string) => `价值 ${amount}` },
  en: { label: 'Goal', name: 'Goal', value: 'Value', worth: (amount: string) => `worth ${amount}` },
}

function value(config: Config, speak: Speak): string {
  const worth = config['value']
  if (isRecord(worth)) return referenceWords(worth, speak)
  return typeof worth === 'number' ? speak.value(worth) : ''
}

const spec: NodeSpec = {
  type: 'goal',
  tone: 'goal',
  icon: icon(
    <>
      <path d="M5 17.5v-15M5 3.5h9.5l-2 3.5 2 3.5H5" />
    </>,
  ),
  label: (_config, speak) => speak.pick(text).label,
  summary: (config, speak) => {
    const worth = value(config, speak)
    return phrase(speak, read(config['name']), worth && speak.pick(text).worth(worth))
  },
  details: (config, speak) =>
    details([speak.pick(text).name, read(config['name'])], [speak.pick(text).value, value(config, speak)]),
}
export default spec
