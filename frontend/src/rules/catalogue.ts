/** What a rule can be made of in this workspace, as `GET /rules/catalogue` tells it. */

import { isRecord, records, text, type Config } from '../graph/document'

export type Shape = 'nothing' | 'one' | 'many' | 'pair' | 'duration'

export interface Operator {
  readonly op: string
  readonly label: string
  readonly shape: Shape
}

/** Something that a condition is asked of. `lookup` is the table that its values are keys of. */
export interface Fact {
  readonly name: string
  readonly label: string
  readonly type: string
  readonly lookup: string | null
}

export interface EventFact {
  readonly name: string
  readonly label: string
  readonly properties: readonly Fact[]
}

export interface TagFact extends Fact {
  /** a plain yes-no tag */
  readonly plain: boolean
  readonly values: readonly string[]
}

export interface Choice {
  readonly value: string
  readonly label: string
}

export interface Lookup {
  readonly slug: string
  readonly label: string
  readonly columns: readonly Fact[]
}

export interface LeafKind {
  readonly key: string
  readonly label: string
  readonly journeysOnly: boolean
}

export interface RuleCatalogue {
  readonly leaves: readonly LeafKind[]
  readonly operators: Readonly<Record<string, readonly Operator[]>>
  readonly measures: readonly (Choice & { readonly needsProperty: boolean; readonly type: string })[]
  readonly attributes: readonly Fact[]
  readonly events: readonly EventFact[]
  readonly tags: readonly TagFact[]
  readonly audiences: readonly Choice[]
  readonly lookups: readonly Lookup[]
  readonly channels: readonly Choice[]
  readonly categories: readonly Choice[]
  readonly identities: readonly Choice[]
}

const SHAPES: readonly Shape[] = ['nothing', 'one', 'many', 'pair', 'duration']

export function readCatalogue(body: unknown): RuleCatalogue {
  const found = isRecord(body) ? body : {}
  const types = isRecord(found['types']) ? found['types'] : {}
  return {
    leaves: records(found['leaves']).map((each) => ({
      key: text(each['key']),
      label: text(each['label'], text(each['key'])),
      journeysOnly: each['journeys_only'] === true,
    })),
    operators: Object.fromEntries(
      Object.entries(types).map(([type, each]) => [type, operators(isRecord(each) ? each['operators'] : [])]),
    ),
    measures: records(found['measures']).map((each) => ({
      value: text(each['measure']),
      label: text(each['label']) || text(each['measure']),
      needsProperty: each['needs_property'] === true,
      type: text(each['type'], 'number'),
    })),
    attributes: records(found['attributes']).map(fact),
    events: records(found['events']).map((each) => ({
      name: text(each['name']),
      label: text(each['label']) || text(each['name']),
      properties: records(each['properties']).map(fact),
    })),
    tags: records(found['tags']).map(tag),
    audiences: records(found['audiences']).map((each) => choice(each, 'slug', 'name')),
    lookups: records(found['lookups']).map((each) => ({
      slug: text(each['slug']),
      label: text(each['label']) || text(each['slug']),
      columns: records(each['columns']).map(fact),
    })),
    channels: records(found['channels']).map((each) => choice(each, 'key', 'label')),
    categories: records(found['categories']).map((each) => choice(each, 'key', 'label')),
    identities: records(found['identities']).map((each) => choice(each, 'kind', 'label')),
  }
}

function operators(list: unknown): Operator[] {
  return records(list).map((each) => {
    const shape = text(each['shape'])
    return {
      op: text(each['op']),
      label: text(each['label'], text(each['op'])),
      shape: SHAPES.find((known) => known === shape) ?? 'one',
    }
  })
}

function fact(each: Config): Fact {
  const name = text(each['name'])
  return {
    name,
    label: text(each['label']) || name,
    type: text(each['type'], 'text'),
    lookup: text(each['lookup']) || null,
  }
}

function tag(each: Config): TagFact {
  const name = text(each['slug'])
  return {
    name,
    label: text(each['label']) || name,
    type: text(each['type'], 'text'),
    lookup: null,
    plain: each['type'] === null || each['type'] === undefined,
    values: Array.isArray(each['values']) ? each['values'].map((value) => text(value)) : [],
  }
}

function choice(each: Config, value: string, label: string): Choice {
  return { value: text(each[value]), label: text(each[label]) || text(each[value]) }
}

/** The type that conditions on a fact compare by; a name that nobody has declared or seen counts as text. */
export function typeOf(facts: readonly Fact[], name: unknown): string {
  return facts.find((each) => each.name === name)?.type ?? 'text'
}

export function operatorsOf(catalogue: RuleCatalogue, type: string): readonly Operator[] {
  return catalogue.operators[type] ?? catalogue.operators['text'] ?? []
}
