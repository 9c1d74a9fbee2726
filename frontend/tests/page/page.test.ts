import { describe, expect, test, vi } from 'vitest'
import { client } from '../../src/api/client'
import { journeyApi, type Journey } from '../../src/api/journey'
import { ApiError, readProblems, troubleOf } from '../../src/api/problem'
import { drawingOf, labelWidth } from '../../src/canvas/drawing'
import { freshness } from '../../src/page/Freshness'
import { impact } from '../../src/page/impact'
import { verbsOf } from '../../src/page/Verbs'
import { speak } from '../../src/text/speak'
import { welcomeGraph } from '../fixtures/canvas'

const JOURNEY: Journey = {
  slug: 'welcome',
  name: '欢迎',
  status: 'published',
  version: 3,
  publishedAt: null,
  canvas: {},
  draftDiffers: false,
  may: { publish: true, pause: true },
  names: { events: {}, attributes: {}, properties: {} },
  zone: null,
}
const COUNTS = {
  nodes: {},
  entered: 10,
  inside: 4,
  older: 2,
  goals: 0,
  exits: {},
  messages: {},
  nodeMessages: {},
  version: 3,
  status: 'published',
  at: '',
}

describe('the buttons', () => {
  test('fit the status', () => {
    expect(verbsOf(JOURNEY)).toEqual(['pause'])
    expect(verbsOf({ ...JOURNEY, draftDiffers: true })).toEqual(['pause', 'publish'])
    expect(verbsOf({ ...JOURNEY, status: 'paused' })).toEqual(['resume'])
    expect(verbsOf({ ...JOURNEY, status: 'draft', version: null, draftDiffers: true })).toEqual(['publish'])
  })

  test('are not there for those who may not', () => {
    const may = { publish: false, pause: false }
    expect(verbsOf({ ...JOURNEY, draftDiffers: true, may })).toEqual([])
  })

  test('say what they mean in people, those in older versions included', () => {
    const zh = speak('zh')
    expect(impact('pause', JOURNEY, COUNTS, zh)[0]).toContain('6 人会停在原地')
    expect(impact('publish', JOURNEY, COUNTS, zh)[0]).toContain('6 人')
    expect(impact('publish', { ...JOURNEY, version: null }, null, zh)[0]).toContain('开始进入')
    expect(impact('resume', JOURNEY, COUNTS, speak('en'))[0]).toContain('6 people')
  })
})

test('figures are stale when nothing came for a while, whatever the wire says', () => {
  expect(freshness('live', 1_000)).toBe('live')
  expect(freshness('live', 20_000)).toBe('stale')
  expect(freshness('connecting', null)).toBe('connecting')
  expect(freshness('signedOut', 20_000)).toBe('signedOut')
})

test('a drawing has an end mark where nothing follows, and labels only where there is a choice', () => {
  const { boxes, links } = drawingOf(welcomeGraph(), speak('zh'))
  expect(boxes.at(-1)?.id).toBe('m5#next/end')
  expect(links.find((link) => link.from === 't1')?.label).toBeNull()
  expect(links.filter((link) => link.from === 'b1').every((link) => link.label !== null)).toBe(true)
  expect(labelWidth('一'.repeat(100))).toBe(labelWidth('一'.repeat(50)))
})

describe('the API', () => {
  const respond = (status: number, body: unknown): void => {
    vi.stubGlobal(
      'fetch',
      vi.fn(() => Promise.resolve(new Response(JSON.stringify(body), { status }))),
    )
  }
  const api = journeyApi(client('/api/v1', 'token'), 'welcome')

  test('a refusal brings its problems along', async () => {
    const problems = [
      { code: 'cycle', detail: '成环', node: 'a', severity: 'error' },
      { code: 'x', detail: '提醒', severity: 'warning' },
    ]
    respond(400, { code: 'cycle', detail: '成环', problems })
    const error = await api.act('publish').catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({
      trouble: 'refused',
      problems: [
        { node: 'a', severity: 'error' },
        { node: null, severity: 'warning' },
      ],
    })
  })

  test('tells apart who is not logged in, who may not, what is not there and what broke', () => {
    expect([
      troubleOf(401, []),
      troubleOf(403, []),
      troubleOf(404, []),
      troubleOf(409, []),
      troubleOf(500, []),
    ]).toEqual(['signedOut', 'forbidden', 'notFound', 'refused', 'failed'])
    expect(troubleOf(403, readProblems({ code: 'not_authenticated', detail: '请登录' }))).toBe('signedOut')
  })

  test('no network and no sense are troubles, not crashes', async () => {
    vi.stubGlobal(
      'fetch',
      vi.fn(() => Promise.reject(new TypeError('Failed to fetch'))),
    )
    await expect(api.journey()).rejects.toMatchObject({ trouble: 'offline' })
    respond(200, [])
    await expect(api.journey()).rejects.toMatchObject({ trouble: 'failed' })
    await expect(api.counts()).rejects.toMatchObject({ trouble: 'failed' })
  })

  test('a journey is read with safe defaults', async () => {
    respond(200, {
      slug: 'welcome',
      name: '欢迎',
      status: 'paused',
      version: { number: 2 },
      may: { pause: true },
      canvas: null,
    })
    expect(await api.journey()).toMatchObject({
      version: 2,
      may: { publish: false, pause: true },
      draftDiffers: false,
      zone: null,
    })
  })
})
