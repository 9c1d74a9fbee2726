import { text as read, type Config } from '../../graph/document'
import type { Speak } from '../../text/speak'
import { icon } from '../icon'
import { details, phrase, type NodeSpec } from '../spec'

const text = {
  zh: {
    label: '定时触发',
    once: (at: string) => `${at} 一次`,
    when: '时间',
    who: '进入的人',
    from: '开始',
    until: '结束',
    audience: (slug: string) => `人群 ${slug}`,
  },
  en: {
    label: 'Schedule',
    once: (at: string) => `Once, ${at}`,
    when: 'When',
    who: 'Who enters',
    from: 'From',
    until: 'Until',
    audience: (slug: string) => `audience ${slug}`,
  },
}

function when(config: Config, speak: Speak): string {
  const at = read(config['at'])
  return at ? speak.pick(text).once(speak.instant(at)) : speak.cron(read(config['cron']))
}

function who(config: Config, speak: Speak): string {
  const audience = read(config['audience'])
  if (audience) return speak.pick(text).audience(audience)
  return config['rule'] ? speak.rule(config['rule']) : ''
}

const spec: NodeSpec = {
  type: 'trigger.schedule',
  tone: 'start',
  icon: icon(
    <>
      <rect x="3" y="4.5" width="14" height="12.5" rx="2" />
      <path d="M3 8.5h14M7 2.5v3.5M13 2.5v3.5M10 11v2l1.5 1" />
    </>,
  ),
  label: (_config, speak) => speak.pick(text).label,
  summary: (config, speak) => phrase(speak, when(config, speak), who(config, speak)),
  details: (config, speak) => {
    const words = speak.pick(text)
    const bound = (key: string): string | false => read(config[key]) !== '' && speak.instant(read(config[key]))
    return details(
      [words.when, when(config, speak)],
      [words.who, who(config, speak)],
      [words.from, bound('from')],
      [words.until, bound('until')],
    )
  },
}
export default spec
