/** Everything that turns a canvas into words, for one language and one brand's names of events and attributes. */

import { cronWords } from './cron'
import { span } from './duration'
import { en } from './en'
import { numbers, type Lang, type Numbers } from './number'
import { filterWords, ruleWords } from './rule'
import { zh, type Words } from './zh'

/** What the brand calls its events and attributes, by name. */
export interface Names {
  readonly events: Readonly<Record<string, string>>
  readonly attributes: Readonly<Record<string, string>>
  readonly properties: Readonly<Record<string, string>>
}

export interface Speak extends Numbers {
  readonly lang: Lang
  readonly words: Words
  /** the one of two texts that is in this language */
  pick<T>(both: Readonly<Record<Lang, T>>): T
  event(name: unknown): string
  attribute(name: unknown): string
  /** of an event */
  property(name: unknown): string
  duration(iso: unknown): string
  isBefore(iso: unknown): boolean
  cron(line: string): string
  rule(rule: unknown): string
  filters(where: unknown): string
}

const NO_NAMES: Names = { events: {}, attributes: {}, properties: {} }

export function speak(lang: Lang, names: Names = NO_NAMES, zone?: string): Speak {
  const words = lang === 'zh' ? zh : en
  const call = (labels: Readonly<Record<string, string>>, name: unknown): string =>
    labels[String(name)] || String(name || words.unknown)
  const voice: Speak = {
    ...numbers(lang, zone),
    lang,
    words,
    pick: (both) => both[lang],
    event: (name) => words.quote(call(names.events, name)),
    attribute: (name) => call(names.attributes, name),
    property: (name) => call(names.properties, name),
    duration: (iso) => span(String(iso ?? ''), words).words,
    isBefore: (iso) => span(String(iso ?? ''), words).negative,
    cron: (line) => cronWords(line, words) ?? line,
    rule: (rule) => ruleWords(rule, voice),
    filters: (where) => filterWords(where, voice),
  }
  return voice
}

export function langOf(tag: string): Lang {
  return tag.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}
