/** The figures of a journey, as the WebSocket and the API both give them. */

import { isRecord, text } from '../graph/document'

export interface NodeCounts {
  readonly in: number
  readonly at: number
  readonly out: Readonly<Record<string, number>>
}

export type Tallies = Readonly<Record<string, number>>

export interface Counts {
  readonly nodes: Readonly<Record<string, NodeCounts>>
  readonly entered: number
  readonly inside: number
  /** people still inside versions before the live one */
  readonly older: number
  readonly goals: number
  readonly exits: Tallies
  readonly messages: Tallies
  /** messages of the live version, by the node that sent them and status */
  readonly nodeMessages: Readonly<Record<string, Tallies>>
  /** the live version's number, null before the first publishing */
  readonly version: number | null
  readonly status: string
  readonly at: string
}

const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0)

function mapped<T>(value: unknown, read: (each: unknown) => T): Readonly<Record<string, T>> {
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, read(each)])) : {}
}

const tallies = (value: unknown): Tallies => mapped(value, number)

/** null for what is no counts message. */
export function readCounts(value: unknown): Counts | null {
  if (!isRecord(value) || !isRecord(value['nodes'])) return null
  const nodes = Object.entries(value['nodes']).flatMap(([id, node]) =>
    isRecord(node)
      ? [[id, { in: number(node['in']), at: number(node['at']), out: tallies(node['out']) }] as const]
      : [],
  )
  return {
    nodes: Object.fromEntries(nodes),
    entered: number(value['entered']),
    inside: number(value['inside']),
    older: number(value['older']),
    goals: number(value['goals']),
    exits: tallies(value['exits']),
    messages: tallies(value['messages']),
    nodeMessages: mapped(value['node_messages'], tallies),
    version: typeof value['version'] === 'number' ? value['version'] : null,
    status: text(value['status']),
    at: text(value['at']),
  }
}
