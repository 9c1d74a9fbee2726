/** The canvas document as the server keeps it. Reading is forgiving: what cannot be understood becomes a trouble, never a crash. */

export type Config = Readonly<Record<string, unknown>>

export interface CanvasNode {
  readonly id: string
  readonly type: string
  readonly name: string
  /** the author's remark */
  readonly note: string
  readonly config: Config
}

export interface CanvasEdge {
  readonly from: string
  readonly port: string
  readonly to: string
}

export interface CanvasDocument {
  readonly nodes: readonly CanvasNode[]
  readonly edges: readonly CanvasEdge[]
  readonly settings: Config
}

/** Something about the drawing that a reader must be told. `code` is a key of the dictionary's `troubles`. */
export interface Trouble {
  readonly code: 'unreadable' | 'nameless' | 'twice' | 'nowhere' | 'loop'
  readonly node: string
}

export interface Reading {
  readonly document: CanvasDocument
  readonly troubles: readonly Trouble[]
}

export function isRecord(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function records(value: unknown): Config[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

export function text(value: unknown, otherwise = ''): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : otherwise
}

export function readCanvas(value: unknown): Reading {
  const troubles: Trouble[] = []
  if (!isRecord(value)) {
    return { document: { nodes: [], edges: [], settings: {} }, troubles: [{ code: 'unreadable', node: '' }] }
  }
  const nodes = readNodes(value['nodes'], troubles)
  const known = new Set(nodes.map((node) => node.id))
  const edges = readEdges(value['edges'], known, troubles)
  const settings = isRecord(value['settings']) ? value['settings'] : {}
  return { document: { nodes, edges, settings }, troubles }
}

function readNodes(value: unknown, troubles: Trouble[]): CanvasNode[] {
  const seen = new Map<string, CanvasNode>()
  for (const item of records(value)) {
    const id = text(item['id'])
    if (id === '') troubles.push({ code: 'nameless', node: '' })
    else if (seen.has(id)) troubles.push({ code: 'twice', node: id })
    else {
      const config = isRecord(item['config']) ? item['config'] : {}
      const [name, note] = [text(item['name']).trim(), text(item['note']).trim()]
      seen.set(id, { id, type: text(item['type']), name, note, config })
    }
  }
  return [...seen.values()]
}

function readEdges(value: unknown, known: ReadonlySet<string>, troubles: Trouble[]): CanvasEdge[] {
  const edges: CanvasEdge[] = []
  for (const item of records(value)) {
    const edge = { from: text(item['from']), port: text(item['port'], 'next') || 'next', to: text(item['to']) }
    if (known.has(edge.from) && known.has(edge.to)) edges.push(edge)
    else troubles.push({ code: 'nowhere', node: known.has(edge.from) ? edge.from : edge.to })
  }
  return edges
}
