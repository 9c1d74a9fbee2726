import { describe, expect, test } from 'vitest'
import { cronWords } from '../../src/text/cron'
import { lapse, span } from '../../src/text/duration'
import { numbers } from '../../src/text/number'
import { langOf, speak } from '../../src/text/speak'
import { zh } from '../../src/text/zh'

const chinese = speak('zh', { events: { order_paid: '支付订单' }, attributes: {}, properties: { amount: '金额' } })
const english = speak('en')

describe('rules in plain words', () => {
  const cases: [object, string, string][] = [
    [{ all: [] }, '所有人', 'everybody'],
    [{ any: [] }, '没有人', 'nobody'],
    [
      { attribute: 'city', op: 'in', value: ['上海', '北京', '广州', '深圳'] },
      'city 属于 上海、北京、广州 等 4 个',
      'city is one of 上海, 北京, 广州 and others, 4 in all',
    ],
    [{ attribute: 'age', op: 'between', value: [18, 30] }, 'age 在 18–30 之间', 'age between 18–30'],
    [{ attribute: 'born', op: 'not_set' }, 'born 没有值', 'born is not set'],
    [{ attribute: 'expires', op: 'in_next', value: 'P7D' }, 'expires 在未来 7 天内', 'expires within the next 7 days'],
    [{ event: 'order_paid' }, '做过「支付订单」', 'did “order_paid”'],
    [
      { event: 'order_paid', op: 'eq', value: 0, window: { last: 'P30D' } },
      '近 30 天没有做过「支付订单」',
      'did not do “order_paid” in the last 30 days',
    ],
    [
      { event: 'order_paid', op: 'gte', value: 3, window: { calendar: 'month', back: 1 } },
      '上月「支付订单」次数 ≥ 3',
      'number of “order_paid” ≥ 3 last month',
    ],
    [
      { event: 'order_paid', measure: 'sum', property: 'amount', op: 'gt', value: 1000, window: { since: 'entry' } },
      '进入以来「支付订单」的金额合计 > 1,000',
      'total amount of “order_paid” > 1,000 since entry',
    ],
    [
      { event: 'order_paid', measure: 'last', op: 'in_last', value: 'P7D' },
      '最近一次「支付订单」在最近 7 天内',
      'last “order_paid” within the last 7 days',
    ],
    [
      {
        any: [
          { attribute: 'a', op: 'eq', value: 1 },
          { all: [{ attribute: 'b', op: 'eq', value: true }, { not: { attribute: 'c', op: 'is_set' } }] },
        ],
      },
      'a = 1 或 （b = 是 且 并非（c 有值））',
      'a = 1 or (b = yes and not (c is set))',
    ],
    [{ weather: 'rain' }, '按「weather」判断', 'decided by “weather”'],
  ]
  test.each(cases)('%j', (rule, inChinese, inEnglish) => {
    expect(chinese.rule(rule)).toBe(inChinese)
    expect(english.rule(rule)).toBe(inEnglish)
  })

  test('an event keeps its filters', () => {
    const rule = {
      event: 'order_paid',
      where: [
        { property: 'amount', op: 'gte', value: 300 },
        { property: 'sku', op: 'eq', value: { of: 'entry', name: 'sku' } },
      ],
    }
    expect(chinese.rule(rule)).toBe('做过「支付订单」（金额 ≥ 300 且 sku 是 触发事件的sku）')
  })
})

describe('numbers', () => {
  const { count, percent } = numbers('zh')
  test('a share is never nothing or everything unless it is', () => {
    expect([percent(0, 0), percent(0, 9), percent(1, 1000), percent(1, 3), percent(999, 1000), percent(9, 9)]).toEqual([
      '',
      '0%',
      '<1%',
      '33%',
      '>99%',
      '100%',
    ])
  })
  test('people are whole numbers, shortened only when there are very many', () => {
    expect([count(1234567), count(12345678), numbers('en').count(12345678)]).toEqual(['1,234,567', '1234.6万', '12.3M'])
  })
})

test('durations', () => {
  expect(span('P1DT2H30M', zh)).toEqual({ negative: false, words: '1 天 2 小时 30 分钟' })
  expect(span('-P3D', zh)).toEqual({ negative: true, words: '3 天' })
  expect(span('P0D', zh).words).toBe('0 天')
  expect([span('soon', zh).words, span('', zh).words, span('P', zh).words]).toEqual(['soon', '', 'P'])
  expect([lapse(4_000, zh), lapse(95_000, zh), lapse(7_300_000, zh), lapse(200_000_000, zh)]).toEqual([
    '4 秒',
    '1 分钟',
    '2 小时',
    '2 天',
  ])
})

test('cron lines that people write are said, others are shown as they stand', () => {
  const said = (line: string): string | null => cronWords(line, zh)
  expect([
    said('0 9 * * *'),
    said('30 18 1 * *'),
    said('0 9 * * 1-5'),
    said('5 * * * *'),
    said('0 10 * * 0,6'),
  ]).toEqual([
    '每天 09:00',
    '每月 1 日 18:30',
    '每周一、周二、周三、周四、周五 09:00',
    '每小时的 05 分',
    '每周日、周六 10:00',
  ])
  expect([said('*/5 * * * *'), said('0 9 * 3 *'), said('nonsense'), said('0 9 * * 5-1')]).toEqual([
    null,
    null,
    null,
    null,
  ])
})

test('the page speaks the language that the server chose', () => {
  expect([langOf('zh-hans'), langOf('zh-CN'), langOf('en'), langOf('')]).toEqual(['zh', 'zh', 'en', 'en'])
})
