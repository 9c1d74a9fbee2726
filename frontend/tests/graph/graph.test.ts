import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildGraph, downstream, type Graph } from '../../src/graph/graph'
import { directionOf, steer } from '../../src/graph/steering'
import { portsOf } from '../../src/nodes/registry'
import { drawn, welcomeGraph } from '../fixtures/canvas'

const build = (...lines: string[]): Graph => buildGraph(drawn(...lines), portsOf)
const order = (graph: Graph): string[] => graph.nodes.map((node) => node.id)

describe('the order in which steps are told', () => {
  test('follows the flow, the first way out of a branch before the second', () => {
    expect(order(build('t1 next c1', 'c1 yes m1', 'c1 no m2', 'm1 next x1', 'm2 next x1'))).toEqual([
      't1',
      'c1',
      'm1',
      'm2',
      'x1',
    ])
  })

  test('starts with the first trigger and tells a later one where it joins', () => {
    const graph = build('t1 next d1', 't2 next d1', 'd1 next x1')
    expect(order(graph)).toEqual(['t1', 't2', 'd1', 'x1'])
  })

  test('is topological for any graph without a loop', () => {
    const pairs = fc.array(fc.tuple(fc.nat(15), fc.nat(15)), { maxLength: 40 })
    fc.assert(
      fc.property(pairs, (edges) => {
        const lines = edges.filter(([a, b]) => a < b).map(([a, b]) => `n${a} p${b} n${b}`)
        const graph = buildGraph(drawn(...lines), () => [])
        const place = new Map(order(graph).map((id, index) => [id, index]))
        expect(graph.troubles).toEqual([])
        for (const [from, outlets] of graph.outlets) {
          for (const { to } of outlets) expect(place.get(to ?? '') ?? -1).toBeGreaterThan(place.get(from) ?? 0)
        }
      }),
    )
  })

  test('a loop is cut, named, and every step is still there', () => {
    const graph = build('t1 next d1', 'd1 next d2', 'd2 next d1')
    expect(order(graph)).toEqual(['t1', 'd1', 'd2'])
    expect(graph.troubles).toEqual([{ code: 'loop', node: 'd2' }])
  })

  test('500 steps in a row do not exhaust the stack', () => {
    const lines = Array.from({ length: 500 }, (_, index) => `d${index} next d${index + 1}`)
    expect(build(...lines).nodes).toHaveLength(501)
  })
})

describe('the ways out of a step', () => {
  test('a way without an edge ends the walk, an optional one falls back to `next`', () => {
    const graph = build('t1 next m1', 'm1 next c1', 'm1 failed x1', 'c1 yes x1')
    expect(graph.outlets.get('m1')?.map(({ port, to, carries }) => [port, to, carries])).toEqual([
      ['next', 'c1', ['next', 'capped', 'unreachable']],
      ['failed', 'x1', ['failed']],
    ])
    expect(graph.outlets.get('c1')?.map(({ port, to }) => [port, to])).toEqual([
      ['yes', 'x1'],
      ['no', null],
    ])
  })

  test('an edge from a port that the type does not have is still drawn', () => {
    expect(
      build('t1 next m1', 'm1 odd x1')
        .outlets.get('m1')
        ?.map((outlet) => outlet.port),
    ).toEqual(['next', 'odd'])
  })

  test('downstream of a step is everything a walk may still meet', () => {
    expect(downstream(welcomeGraph(), 'set1')).toEqual(new Set(['set1', 'u1', 'm5']))
  })
})

describe('steering with the arrow keys', () => {
  const graph = build('t1 next c1', 'c1 yes m1', 'c1 no m2', 'm1 next x1', 'm2 next x1')
  const places = new Map([
    ['t1', { x: 0, y: 0 }],
    ['c1', { x: 0, y: 100 }],
    ['m1', { x: -150, y: 200 }],
    ['m2', { x: 150, y: 200 }],
    ['x1', { x: 0, y: 300 }],
  ])
  const go = (from: string, key: string): string | null => steer(graph, places, from, directionOf(key) ?? 'first')

  test('follows the lines down and up, and stays in the row sideways', () => {
    expect(go('t1', 'ArrowDown')).toBe('c1')
    expect(go('c1', 'ArrowDown')).toBe('m1')
    expect(go('x1', 'ArrowUp')).toBe('m1')
    expect(go('m1', 'ArrowRight')).toBe('m2')
    expect(go('m2', 'ArrowLeft')).toBe('m1')
    expect(go('m2', 'ArrowRight')).toBeNull()
    expect([go('c1', 'Home'), go('c1', 'End')]).toEqual(['t1', 'x1'])
    expect(directionOf('a')).toBeNull()
  })
})
