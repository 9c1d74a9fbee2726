import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCanvas } from '../../src/graph/document'
import { buildGraph } from '../../src/graph/graph'
import { portsOf, readNode } from '../../src/nodes/registry'
import { speak } from '../../src/text/speak'
import { welcome } from '../fixtures/canvas'

describe('reading a canvas document', () => {
  test('takes over every node and edge of a good one', () => {
    const { document, troubles } = readCanvas(welcome)
    expect(document.nodes).toHaveLength(welcome.nodes.length)
    expect(document.edges).toHaveLength(welcome.edges.length)
    expect(troubles).toEqual([])
  })

  test('names what it had to leave out', () => {
    const { document, troubles } = readCanvas({
      nodes: [{ id: 'a' }, { id: 'a' }, { type: 'exit' }, 7],
      edges: [{ from: 'a', to: 'ghost' }, { from: 'ghost', to: 'a' }, null],
    })
    expect(document.nodes.map((node) => node.id)).toEqual(['a'])
    expect(troubles.map((trouble) => trouble.code)).toEqual(['twice', 'nameless', 'nowhere', 'nowhere'])
    expect(readCanvas('nonsense').troubles).toEqual([{ code: 'unreadable', node: '' }])
  })

  test('a port that is not named is `next`', () => {
    const { document } = readCanvas({ nodes: [{ id: 'a' }, { id: 'b' }], edges: [{ from: 'a', to: 'b' }] })
    expect(document.edges).toEqual([{ from: 'a', port: 'next', to: 'b' }])
  })
})

describe('no document makes the page fail', () => {
  const type = fc.constantFrom(
    'trigger.event',
    'trigger.schedule',
    'condition',
    'branch',
    'split.random',
    'delay.for',
    'delay.until',
    'wait.event',
    'message',
    'set',
    'goal',
    'exit',
    'quantum.leap',
    '',
  )
  const keys = fc.constantFrom(
    'event',
    'where',
    'rule',
    'paths',
    'ways',
    'duration',
    'time',
    'attribute',
    'content',
    'channel',
    'attributes',
    'tags_add',
    'value',
    'cron',
    'at',
    'offset',
  )
  const config = fc.dictionary(keys, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 })
  const id = fc.constantFrom('a', 'b', 'c', 'd')
  const canvas = fc.record({
    nodes: fc.array(fc.oneof(fc.record({ id, type, name: fc.string(), config }), fc.jsonValue()), { maxLength: 6 }),
    edges: fc.array(
      fc.oneof(fc.record({ from: id, port: fc.constantFrom('next', 'yes', 'odd'), to: id }), fc.jsonValue()),
      { maxLength: 8 },
    ),
  })

  test('whatever its configs hold, every node has a title, and every outlet an end', () => {
    const voices = [speak('zh'), speak('en')]
    fc.assert(
      fc.property(canvas, (value) => {
        const graph = buildGraph(readCanvas(value).document, portsOf)
        for (const node of graph.nodes) {
          for (const voice of voices) expect(readNode(node, voice).title).not.toBe('')
          for (const outlet of graph.outlets.get(node.id) ?? [])
            expect(outlet.to === null || graph.byId.has(outlet.to)).toBe(true)
        }
      }),
      { numRuns: 400, seed: 7 },
    )
  })
})
