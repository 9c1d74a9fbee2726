import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCatalogue } from '../../src/rules/catalogue'
import { begin, redo, undo, write } from '../../src/rules/history'
import { amountOf, blank, carried, durationOf, isMissing } from '../../src/rules/operand'

const op = (shape: 'nothing' | 'one' | 'many' | 'pair' | 'duration') => ({ op: shape, label: shape, shape })

describe('values of conditions', () => {
  test('what fits is kept when the operator changes', () => {
    expect(carried('上海', op('one'), op('many'), 'text')).toEqual(['上海'])
    expect(carried(['上海', '杭州'], op('many'), op('one'), 'text')).toBe('上海')
    expect(carried(300, op('one'), op('one'), 'number')).toBe(300)
    expect(carried('P7D', op('duration'), op('one'), 'date')).toBe('')
    expect(carried('x', op('one'), op('nothing'), 'text')).toBeUndefined()
    expect(carried(5, op('one'), op('pair'), 'number')).toEqual([0, 0])
  })
  test('what is not filled in is known', () => {
    expect(isMissing('', 'one')).toBe(true)
    expect(isMissing([], 'many')).toBe(true)
    expect(isMissing([1, ''], 'pair')).toBe(true)
    expect(isMissing(0, 'one')).toBe(false)
    expect(isMissing(undefined, 'nothing')).toBe(false)
    expect(isMissing(blank('duration', 'date'), 'duration')).toBe(false)
  })
  test('durations of one unit are read and written', () => {
    expect(amountOf('P30D')).toEqual({ n: 30, unit: 'day' })
    expect(amountOf('PT90M')).toEqual({ n: 90, unit: 'minute' })
    expect(amountOf('P3M')).toEqual({ n: 3, unit: 'month' })
    expect(amountOf('P1DT2H')).toBeNull()
    expect(amountOf('soon')).toBeNull()
    fc.assert(
      fc.property(fc.nat(5000), fc.constantFrom('month', 'week', 'day', 'hour', 'minute'), (n, unit) => {
        expect(amountOf(durationOf({ n, unit }))).toEqual({ n, unit })
      }),
    )
  })
})

describe('undo', () => {
  test('goes back and forth, and a new edit forgets what was undone', () => {
    const later = write(write(begin('a'), 'b', 1_000), 'c', 5_000)
    expect(undo(later).present).toBe('b')
    expect(undo(undo(later)).present).toBe('a')
    expect(redo(undo(later)).present).toBe('c')
    expect(redo(write(undo(later), 'd', 9_000)).present).toBe('d')
    expect(undo(begin('a')).present).toBe('a')
  })
  test('quick typing is one step', () => {
    const typed = write(write(write(begin(''), 'x', 1_000), 'xy', 1_200), 'xyz', 1_400)
    expect(undo(typed).present).toBe('')
  })
})

test('a catalogue that is not as expected is read as far as it goes', () => {
  expect(readCatalogue(null).leaves).toEqual([])
  const found = readCatalogue({
    types: {
      text: {
        operators: [
          { op: 'eq', label: '等于', shape: 'one' },
          { op: 'odd', shape: 'strange' },
        ],
      },
    },
    attributes: [{ name: 'city', label: '', type: 'text' }],
    tags: [{ slug: 'vip', label: '会员', type: null }],
  })
  expect(found.operators['text']?.[1]).toEqual({ op: 'odd', label: 'odd', shape: 'one' })
  expect(found.attributes[0]?.label).toBe('city')
  expect(found.tags[0]?.plain).toBe(true)
})
