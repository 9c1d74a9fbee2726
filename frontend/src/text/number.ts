export type Lang = 'zh' | 'en'

const LOCALE = { zh: 'zh-CN', en: 'en' } as const

export interface Numbers {
  /** people: whole, with separators, shortened (12.3万, 1.2M) from ten million */
  count(n: number): string
  /** never 0 % or 100 % unless exactly so; '' of nothing */
  percent(part: number, whole: number): string
  /** a value out of a rule or setting, as exact as it was given */
  value(n: number): string
  instant(at: string | number): string
  time(at: string | number): string
}

export function numbers(lang: Lang, zone?: string): Numbers {
  const locale = LOCALE[lang]
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
  const exact = new Intl.NumberFormat(locale, { maximumFractionDigits: 10 })
  const day = { timeZone: zone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' } as const
  const instant = new Intl.DateTimeFormat(locale, { ...day, year: 'numeric', month: '2-digit', day: '2-digit' })
  const time = new Intl.DateTimeFormat(locale, { ...day, second: '2-digit' })
  return {
    count: (n) => (Math.abs(n) < 10_000_000 ? whole.format(n) : short.format(n)),
    percent,
    value: (n) => exact.format(n),
    instant: (at) => dated(instant, at),
    time: (at) => dated(time, at),
  }
}

function percent(part: number, whole: number): string {
  if (whole <= 0) return ''
  if (part <= 0) return '0%'
  if (part >= whole) return '100%'
  const share = (part / whole) * 100
  if (share < 1) return '<1%'
  return share > 99 ? '>99%' : `${Math.round(share)}%`
}

function dated(format: Intl.DateTimeFormat, at: string | number): string {
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? String(at) : format.format(date)
}
