import { records } from '../../graph/document'
import { icon } from '../icon'
import { details, phrase, type NodeSpec } from '../spec'

const text = {
  zh: {
    label: '事件触发',
    when: (event: string) => `做了${event}`,
    event: '事件',
    where: '条件',
    late: '最多迟到',
    lateNote: (span: string) => `${span}，更晚的不触发`,
  },
  en: {
    label: 'Event',
    when: (event: string) => `Did ${event}`,
    event: 'Event',
    where: 'Only if',
    late: 'Latest after',
    lateNote: (span: string) => `${span}; later ones start nobody`,
  },
}

const spec: NodeSpec = {
  type: 'trigger.event',
  tone: 'start',
  icon: icon(<path d="M11 2.5 4.5 11H9l-.5 6.5L15.5 9H11l0-6.5Z" />),
  label: (_config, speak) => speak.pick(text).label,
  summary: (config, speak) =>
    phrase(speak, speak.pick(text).when(speak.event(config['event'])), speak.filters(config['where'])),
  details: (config, speak) => {
    const words = speak.pick(text)
    return details(
      [words.event, speak.event(config['event'])],
      [words.where, records(config['where']).length > 0 && speak.filters(config['where'])],
      [words.late, words.lateNote(speak.duration(config['max_age'] ?? 'P1D'))],
    )
  },
}
export default spec
