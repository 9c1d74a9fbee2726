/** The values of conditions: what a new one begins with, and what becomes of one when its operator changes. Pure. */

import type { Operator, Shape } from './catalogue'

const NUMBERS = new Set(['number', 'money'])

/** What a value of this shape and type begins with. An empty text is a value not yet given. */
export function blank(shape: Shape, type: string): unknown {
  if (shape === 'nothing') return undefined
  if (shape === 'duration') return 'P30D'
  if (shape === 'many') return []
  const one = NUMBERS.has(type) ? 0 : type === 'boolean' ? true : ''
  return shape === 'pair' ? [one, one] : one
}

/** Keep what can be kept: the first of many, one as the only of many; else begin anew. */
export function carried(value: unknown, from: Operator | undefined, to: Operator, type: string): unknown {
  if (from?.shape === to.shape && value !== undefined) return value
  const single = Array.isArray(value) ? value[0] : value
  const fits = single !== undefined && from?.shape !== 'duration' && from?.shape !== 'nothing'
  if (to.shape === 'one' && fits) return single
  if (to.shape === 'many' && fits) return Array.isArray(value) ? value : single === '' ? [] : [single]
  return blank(to.shape, type)
}

/** Whether something is still to be filled in; the server would refuse it. */
export function isMissing(value: unknown, shape: Shape): boolean {
  if (shape === 'nothing') return false
  if (Array.isArray(value)) return value.length === 0 || value.some((each) => each === '' || each === null)
  return value === undefined || value === null || value === ''
}

const DURATION = /^(-)?P(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/
const UNITS = ['month', 'week', 'day', 'hour', 'minute'] as const
export type Unit = (typeof UNITS)[number]

export interface Amount {
  readonly n: number
  readonly unit: Unit
}

/** A duration with one unit, such as P30D; null where there are several, or it is none. */
export function amountOf(iso: unknown): Amount | null {
  const found = DURATION.exec(String(iso ?? ''))
  if (found === null) return null
  const given = UNITS.flatMap((unit, index) => {
    const digits = found[index + 2]
    return digits === undefined ? [] : [{ n: Number(digits) * (found[1] ? -1 : 1), unit }]
  })
  return given.length === 1 ? (given[0] ?? null) : null
}

export function durationOf({ n, unit }: Amount): string {
  const [sign, digits] = [n < 0 ? '-' : '', Math.abs(Math.trunc(n))]
  const letters = {
    month: `${digits}M`,
    week: `${digits}W`,
    day: `${digits}D`,
    hour: `T${digits}H`,
    minute: `T${digits}M`,
  }
  return `${sign}P${letters[unit]}`
}
