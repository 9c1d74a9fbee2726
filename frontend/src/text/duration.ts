import type { Words } from './zh'

const ISO = /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/
const UNITS = ['Y', 'M', 'W', 'D', 'h', 'm', 's'] as const

export interface Span {
  readonly negative: boolean
  readonly words: string
}

/** "P1DT2H" → "1 天 2 小时". What is no duration is given back as it stands. */
export function span(iso: string, words: Words): Span {
  const found = ISO.exec(iso)
  const parts = found?.slice(2) ?? []
  const said = UNITS.flatMap((unit, index) => {
    const amount = Number(parts[index] ?? 0)
    return amount > 0 ? [words.units[unit](String(amount))] : []
  })
  if (found === null || (said.length === 0 && parts.every((part) => part === undefined)))
    return { negative: false, words: iso }
  return { negative: found[1] === '-', words: said.join(' ') || words.units.D('0') }
}

/** A lapse of time for a reader, in its largest unit only: 95 s → "1 分钟". */
export function lapse(milliseconds: number, words: Words): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  if (seconds < 60) return words.units.s(String(seconds))
  if (seconds < 3600) return words.units.m(String(Math.floor(seconds / 60)))
  if (seconds < 86_400) return words.units.h(String(Math.floor(seconds / 3600)))
  return words.units.D(String(Math.floor(seconds / 86_400)))
}
