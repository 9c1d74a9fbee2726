import type { Words } from './zh'

const NUMBER = /^\d+$/

/** The cron lines that people write, in words; null for one that is better shown as it stands. */
export function cronWords(line: string, words: Words): string | null {
  const [minute = '', hour = '', day = '', month = '', weekday = '', ...rest] = line.trim().split(/\s+/)
  if (rest.length > 0 || month !== '*' || weekday === '') return null
  if (hour === '*' && day === '*' && weekday === '*' && NUMBER.test(minute))
    return words.every.hour(minute.padStart(2, '0'))
  if (!NUMBER.test(minute) || !NUMBER.test(hour)) return null
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  if (day === '*' && weekday === '*') return words.every.day(time)
  if (day === '*') {
    const days = weekdayNames(weekday, words)
    return days === null ? null : words.every.week(days, time)
  }
  return weekday === '*' && NUMBER.test(day) ? words.every.month(day, time) : null
}

/** cron counts Sunday as 0 and as 7. */
function weekdayNames(field: string, words: Words): string | null {
  const names: string[] = []
  for (const part of field.split(',')) {
    const [first = '', last = first] = part.split('-')
    if (!NUMBER.test(first) || !NUMBER.test(last) || Number(last) > 7 || Number(first) > Number(last)) return null
    for (let day = Number(first); day <= Number(last); day += 1) names.push(words.weekdays[(day + 6) % 7] ?? '')
  }
  return names.join(words.list)
}
