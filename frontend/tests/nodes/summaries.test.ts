import { describe, expect, test } from 'vitest'
import type { CanvasNode } from '../../src/graph/document'
import { nodeTypes, portLabel, readNode } from '../../src/nodes/registry'
import { speak } from '../../src/text/speak'
import { welcomeGraph } from '../fixtures/canvas'

const NAMES = {
  events: { order_paid: '支付订单' },
  attributes: { level: '会员等级', name: '姓名' },
  properties: { amount: '金额' },
}
const zh = speak('zh', NAMES, 'Asia/Shanghai')
const en = speak('en', { events: {}, attributes: {}, properties: {} }, 'Asia/Shanghai')

function node(type: string, config: Record<string, unknown>, name = ''): CanvasNode {
  return { id: 'n', type, name, note: '', config }
}

describe('what a step does, in one line', () => {
  const cases: [string, Record<string, unknown>, string, string][] = [
    ['delay.for', { duration: 'P7D', then_at: '10:00' }, '等待 7 天，到 10:00', 'Wait 7 days, until 10:00'],
    ['delay.for', { duration: 'P1D', days: 'calendar' }, '等待 1 天，按日历日', 'Wait 1 day, calendar days'],
    ['delay.until', { weekdays: [1, 5], time: '10:30' }, '等到 周一、周五 10:30', 'Until Mon, Fri 10:30'],
    ['delay.until', { workday: true, time: '09:00' }, '等到 工作日 09:00', 'Until a working day 09:00'],
    [
      'delay.until',
      { attribute: 'level', offset: '-P3D', time: '10:00' },
      '等到 「会员等级」前 3 天 10:00',
      'Until 3 days before “level” 10:00',
    ],
    [
      'delay.until',
      { from: 'entry', offset: 'P28D', time: '10:00' },
      '等到 进入后 28 天 10:00',
      'Until 28 days after entry 10:00',
    ],
    [
      'trigger.event',
      { event: 'order_paid', where: [{ property: 'amount', op: 'gte', value: 300 }] },
      '做了「支付订单」，金额 ≥ 300',
      'Did “order_paid”, amount ≥ 300',
    ],
    [
      'trigger.schedule',
      { cron: '0 9 * * 1', rule: { attribute: 'level', op: 'eq', value: '金卡' } },
      '每周一 09:00，会员等级 是 金卡',
      'Every Mon at 09:00, level is 金卡',
    ],
    ['trigger.schedule', { at: '2026-11-11T00:00:00+08:00' }, '2026/11/11 00:00 一次', 'Once, 11/11/2026, 00:00'],
    [
      'split.random',
      {
        ways: [
          { id: 'a', percent: 50 },
          { id: 'b', name: '对照', percent: 50 },
        ],
      },
      'a 50% · 对照 50%',
      'A 50% · 对照 50%',
    ],
    [
      'wait.event',
      { paths: [{ id: 'p', event: 'order_paid' }], timeout: 'P3D' },
      '等「支付订单」，最多 3 天',
      'Wait for “order_paid”, at most 3 days',
    ],
    [
      'message',
      { channel: 'sms', content: { text: '{{ profile.name | default("亲") }}，到店有礼' } },
      '〔姓名〕，到店有礼',
      '〔name〕，到店有礼',
    ],
    ['message', { channel: 'email', content: { subject: '您好', html: '<p>正文</p>' } }, '您好', '您好'],
    [
      'set',
      { attributes: { level: 'gold', points: { add: -5 } }, tags_add: ['vip'] },
      '会员等级 = gold，points −5，加标签 vip',
      'Level = gold, points −5, add tag vip',
    ],
    [
      'goal',
      { name: '复购', value: { of: 'entry', name: 'amount' } },
      '复购，价值 触发事件的金额',
      '复购, worth amount of the entry event',
    ],
  ]
  test.each(cases)('%s %j', (type, config, chinese, english) => {
    expect(readNode(node(type, config), zh).title).toBe(chinese)
    expect(readNode(node(type, config), en).title).toBe(english)
  })

  test('a name goes before it and pushes it to the second line', () => {
    const { title, line } = readNode(node('delay.for', { duration: 'P7D' }, '冷静期'), zh)
    expect([title, line]).toEqual(['冷静期', '等待 7 天'])
    expect(readNode(node('delay.for', { duration: 'P7D' }), zh).line).toBe('等待时长')
    expect(readNode(node('goal', { name: '复购', value: 5 }, '复购'), zh).line).toBe('价值 5')
    expect(readNode(node('exit', {}), zh)).toMatchObject({ title: '离开旅程', line: '' })
  })
})

describe('the welcome journey', () => {
  test('is told without a warning in both languages, each way out with a name', () => {
    const graph = welcomeGraph()
    for (const each of graph.nodes) {
      for (const voice of [zh, en]) {
        expect(readNode(each, voice).warning).toBeNull()
        for (const outlet of graph.outlets.get(each.id) ?? []) expect(portLabel(each, outlet.port, voice)).not.toBe('')
      }
    }
    const wait = graph.byId.get('w1')
    expect(wait && portLabel(wait, 'paid', zh)).toBe('「支付订单」')
    expect(wait && portLabel(wait, 'timeout', zh)).toBe('超时')
  })
})

describe('a type that nobody knows', () => {
  test('is a plain card with a warning', () => {
    const reading = readNode(node('quantum.leap', { a: 1 }), zh)
    expect(reading.spec.tone).toBe('unknown')
    expect(reading.warning).toBe('这一版不认识的步骤类型：quantum.leap')
  })
})

test('the types of this step are all there', () => {
  expect([...nodeTypes.keys()].sort()).toEqual([
    'branch',
    'condition',
    'delay.for',
    'delay.until',
    'exit',
    'goal',
    'message',
    'set',
    'split.random',
    'trigger.event',
    'trigger.schedule',
    'wait.event',
  ])
})
