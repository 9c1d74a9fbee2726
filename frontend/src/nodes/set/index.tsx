import { isRecord, type Config } from '../../graph/document'
import { referenceWords } from '../../text/rule'
import type { Speak } from '../../text/speak'
import { icon } from '../icon'
import { details, phrase, type NodeSpec } from '../spec'

const text = {
  zh: {
    label: '修改资料',
    add: (names: string) => `加标签 ${names}`,
    remove: (names: string) => `去标签 ${names}`,
    added: '加标签',
    removed: '去标签',
    empty: '清空',
  },
  en: {
    label: 'Change profile',
    add: (names: string) => `add tag ${names}`,
    remove: (names: string) => `remove tag ${names}`,
    added: 'Tags added',
    removed: 'Tags removed',
    empty: 'cleared',
  },
}

const isStep = (value: unknown): value is Config => isRecord(value) && 'add' in value

/** "会员等级 = 金卡", "召回次数 +1" */
function change(name: string, value: unknown, speak: Speak): string {
  return isStep(value) ? `${name} ${valueWords(value, speak)}` : `${name} = ${valueWords(value, speak)}`
}

function valueWords(value: unknown, speak: Speak): string {
  if (value === null) return speak.pick(text).empty
  if (isStep(value)) return `${Number(value['add']) < 0 ? '−' : '+'}${speak.value(Math.abs(Number(value['add'])))}`
  if (isRecord(value)) return referenceWords(value, speak)
  if (typeof value === 'boolean') return value ? speak.words.yes : speak.words.no
  if (Array.isArray(value)) return value.map(String).join(speak.words.list)
  return typeof value === 'number' ? speak.value(value) : String(value)
}

function attributes(config: Config): [string, unknown][] {
  return isRecord(config['attributes']) ? Object.entries(config['attributes']) : []
}

function tags(config: Config, key: string, speak: Speak): string {
  return Array.isArray(config[key]) ? config[key].map(String).join(speak.words.list) : ''
}

const spec: NodeSpec = {
  type: 'set',
  tone: 'write',
  icon: icon(
    <>
      <path d="M3 17h14M12.5 3.5l3 3L8 14l-3.8.8L5 11l7.5-7.5Z" />
    </>,
  ),
  label: (_config, speak) => speak.pick(text).label,
  summary: (config, speak) => {
    const words = speak.pick(text)
    const [added, removed] = [tags(config, 'tags_add', speak), tags(config, 'tags_remove', speak)]
    const set = attributes(config).map(([name, value]) => change(speak.attribute(name), value, speak))
    return phrase(speak, ...set, added && words.add(added), removed && words.remove(removed))
  },
  details: (config, speak) => {
    const words = speak.pick(text)
    return [
      ...attributes(config).map(([name, value]) => ({ label: speak.attribute(name), value: valueWords(value, speak) })),
      ...details([words.added, tags(config, 'tags_add', speak)], [words.removed, tags(config, 'tags_remove', speak)]),
    ]
  },
}
export default spec
