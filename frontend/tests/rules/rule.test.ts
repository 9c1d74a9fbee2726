import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  append,
  at,
  bare,
  countLeaves,
  duplicate,
  EVERYBODY,
  groupKind,
  move,
  negate,
  parts,
  remove,
  replace,
  rooted,
  switchKind,
  wrap,
  written,
  type Place,
  type Rule,
} from '../../src/rules/rule'

const a = { attribute: 'city', op: 'eq', value: '上海' }
const b = { event: 'order_paid' }
const c = { tag: 'vip', op: 'has' }
const rule: Rule = { all: [a, { not: { any: [b, c] } }] }

describe('edits of a rule', () => {
  test('a part is replaced where it stands, whatever is around it', () => {
    expect(replace(rule, ['all', 1, 'not', 'any', 0], c)).toEqual({ all: [a, { not: { any: [c, c] } }] })
  })
  test('a part is added to the group that is named', () => {
    expect(append(rule, ['all', 1, 'not'], a)).toEqual({ all: [a, { not: { any: [b, c, a] } }] })
    expect(append(rule, ['all', 0], b)).toBe(rule)
  })
  test('a part goes with the “not” around it', () => {
    expect(remove(rule, ['all', 1, 'not'])).toEqual({ all: [a] })
    expect(remove(rule, ['all', 1])).toEqual({ all: [a] })
    expect(remove(rule, [])).toEqual(EVERYBODY)
  })
  test('a copy stands behind the original', () => {
    expect(parts(duplicate(rule, ['all', 0]))).toEqual([a, a, { not: { any: [b, c] } }])
  })
  test('parts change places within their group, and not beyond', () => {
    expect(parts(move(rule, ['all', 0], 1))).toEqual([{ not: { any: [b, c] } }, a])
    expect(move(rule, ['all', 0], -1)).toBe(rule)
  })
  test('a group of its own keeps the part', () => {
    expect(wrap(rule, ['all', 0], 'any')).toEqual({ all: [{ any: [a] }, { not: { any: [b, c] } }] })
  })
  test('all becomes any and back', () => {
    expect(switchKind(switchKind(rule, [], 'any'), [], 'all')).toEqual(rule)
  })
  test('twice negated is as before', () => {
    expect(negate(negate(a))).toEqual(a)
    expect(bare({ not: { not: { not: a } } })).toEqual({ rule: a, negated: true })
  })
  test('what the editor shows is always a group', () => {
    expect(rooted(a)).toEqual({ all: [a] })
    expect(rooted({})).toEqual(EVERYBODY)
    expect(rooted(null)).toEqual(EVERYBODY)
    expect(rooted(rule)).toBe(rule)
  })
  test('places are written as the server writes them', () => {
    expect(written(['all', 1, 'not', 'any', 0])).toBe('all[1].not.any[0]')
    expect(countLeaves(rule)).toBe(3)
  })
})

const leaf = fc.constantFrom<Rule>(a, b, c)
const { tree } = fc.letrec<{ tree: Rule }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    leaf,
    tie('tree').map((inner) => ({ not: inner })),
    fc.tuple(fc.constantFrom('all', 'any'), fc.array(tie('tree'), { maxLength: 4 })).map(([kind, list]) => ({
      [kind]: list,
    })),
  ),
}))

function places(found: Rule, place: Place = []): Place[] {
  const inner = found['not']
  if (typeof inner === 'object' && inner !== null) return places(inner as Rule, [...place, 'not'])
  const kind = groupKind(found)
  if (kind === null) return []
  const all: Place[] = []
  for (const [index, part] of parts(found).entries()) {
    const there = place.concat(kind, index)
    all.push(there, ...places(part, there))
  }
  return all
}

test('whatever the rule, an edit changes what it names and nothing else', () => {
  fc.assert(
    fc.property(tree, fc.nat(), (any, pick) => {
      const root = rooted(any)
      const all = places(root)
      const place = all[pick % Math.max(1, all.length)]
      if (place === undefined) return
      const before = JSON.stringify(root)
      const marked = replace(root, place, { attribute: 'marked' })
      expect(at(marked, place)).toEqual({ attribute: 'marked' })
      expect(places(remove(root, place)).length).toBeLessThan(all.length)
      expect(remove(duplicate(root, place), place)).toEqual(root)
      expect(JSON.stringify(root)).toBe(before)
    }),
  )
})
