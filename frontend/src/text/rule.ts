/** A rule (contract §2) in plain words. A leaf that this version has no words for is named, never left out. */

import { isRecord, records, text, type Config } from '../graph/document'
import type { Speak } from './speak'

const DURATION_OPS = new Set(['in_last', 'in_next', 'older_than', 'anniversary'])
const FEW = 3

export function ruleWords(rule: unknown, speak: Speak): string {
  return say(rule, speak, true)
}

function say(rule: unknown, speak: Speak, outermost: boolean): string {
  const { words } = speak
  if (!isRecord(rule)) return words.unknown
  if (Array.isArray(rule['all'])) return joined(rule['all'], words.and, words.everybody, speak, outermost)
  if (Array.isArray(rule['any'])) return joined(rule['any'], words.or, words.nobody, speak, outermost)
  if ('not' in rule) return words.not(say(rule['not'], speak, true))
  return leafWords(rule, speak)
}

function joined(rules: readonly unknown[], by: string, ofNone: string, speak: Speak, outermost: boolean): string {
  if (rules.length === 0) return ofNone
  const said = rules.map((rule) => say(rule, speak, rules.length === 1 && outermost)).join(by)
  return outermost || rules.length === 1 ? said : speak.words.group(said)
}

function leafWords(leaf: Config, speak: Speak): string {
  const { words } = speak
  if ('attribute' in leaf) return `${speak.attribute(leaf['attribute'])} ${compare(leaf, speak)}`
  if ('event' in leaf) return eventWords(leaf, speak)
  if ('tag' in leaf) return `${words.rule.tag(words.quote(text(leaf['tag'])))} ${compare(leaf, speak)}`
  if ('audience' in leaf) return words.rule.audience(words.quote(text(leaf['audience'])))
  if ('identity' in leaf) return `${words.rule.identity(words.quote(text(leaf['identity'])))} ${compare(leaf, speak)}`
  return words.rule.other(Object.keys(leaf)[0] ?? words.unknown)
}

function eventWords(leaf: Config, speak: Speak): string {
  const { words } = speak
  const where =
    records(leaf['where']).length > 0 ? `${words.open}${filterWords(leaf['where'], speak)}${words.close}` : ''
  const event = `${speak.event(leaf['event'])}${where}`
  const said = measureWords(leaf, event, speak)
  const window = windowWords(leaf['window'], speak)
  if (window === '') return said
  return speak.lang === 'zh' ? `${window}${said}` : `${said} ${window}`
}

function measureWords(leaf: Config, event: string, speak: Speak): string {
  const { rule } = speak.words
  const measure = text(leaf['measure'], 'count')
  const [op, value] = [text(leaf['op'], 'gte'), leaf['value'] ?? 1]
  if (measure !== 'count') {
    const phrase = rule.measure[measure]
    const property = speak.property(leaf['property'])
    return phrase ? phrase(event, property, compare({ op, value }, speak)) : rule.other(measure)
  }
  if ((op === 'gte' && value === 1) || (op === 'gt' && value === 0)) return rule.did(event)
  if ((op === 'eq' && value === 0) || (op === 'lt' && value === 1) || (op === 'lte' && value === 0))
    return rule.didNot(event)
  return rule.count(event, compare({ op, value }, speak))
}

export function filterWords(where: unknown, speak: Speak): string {
  return records(where)
    .map((filter) => `${speak.property(filter['property'])} ${compare(filter, speak)}`)
    .join(speak.words.and)
}

function compare(leaf: Config, speak: Speak): string {
  const { words } = speak
  const op = text(leaf['op'], 'eq')
  const value = leaf['value']
  const phrase =
    (typeof value === 'number' || typeof value === 'boolean' ? words.numbers[op] : undefined) ?? words.ops[op]
  const said = valueWords(value, op, speak)
  return phrase ? phrase(said) : `${op} ${said}`.trim()
}

function valueWords(value: unknown, op: string, speak: Speak): string {
  const { words } = speak
  if (Array.isArray(value)) return listWords(value, op, speak)
  if (typeof value === 'number') return speak.value(value)
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (isRecord(value)) return referenceWords(value, speak)
  if (typeof value !== 'string') return ''
  if (DURATION_OPS.has(op) && value.includes('P')) return speak.duration(value)
  return /^\d{4}-\d\d-\d\dT/.test(value) ? speak.instant(value) : value
}

/** A value taken from the profile, the entry event or the event that was waited for. */
export function referenceWords(value: Config, speak: Speak): string {
  const { rule, sources } = speak.words
  const source = text(value['of'])
  const name = source === 'profile' ? speak.attribute(value['name']) : speak.property(value['name'])
  return rule.of(sources[source] ?? source, name)
}

function listWords(values: readonly unknown[], op: string, speak: Speak): string {
  const { words } = speak
  const said = values.map((value) => valueWords(value, op, speak))
  if (op.endsWith('between') && said.length === 2) return words.range(said[0] ?? '', said[1] ?? '')
  const shown = said.slice(0, FEW).join(words.list)
  return said.length > FEW ? `${shown} ${words.more(String(said.length))}` : shown
}

function windowWords(window: unknown, speak: Speak): string {
  const { rule } = speak.words
  if (!isRecord(window)) return ''
  if ('last' in window) return rule.last(speak.duration(window['last']))
  if ('since' in window) return rule.sinceEntry
  if ('from' in window || 'to' in window)
    return rule.between(speak.instant(text(window['from'])), speak.instant(text(window['to'])))
  const unit = text(window['calendar'])
  const back = Number(window['back'] ?? 0)
  return rule.calendar[unit]?.[back] ?? rule.calendarBack(rule.calendarUnit[unit] ?? unit, String(back))
}
