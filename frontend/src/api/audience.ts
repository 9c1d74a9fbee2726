/** One audience over the API: read, estimated while it is drawn, saved. */

import { isRecord, text, type Config } from '../graph/document'
import type { Rule } from '../rules/rule'
import type { Client } from './client'

/** What is edited. `rule` is null for an audience that is not defined by one. */
export interface Draft {
  readonly slug: string
  readonly name: string
  readonly description: string
  readonly kind: string
  readonly every: string | null
  readonly rule: Rule | null
}

export interface Saved extends Draft {
  readonly revision: number
}

export interface Estimate {
  readonly size: number
  readonly exact: boolean
  readonly low: number
  readonly high: number
}

export interface AudienceApi {
  read(slug: string): Promise<Saved>
  estimate(rule: Rule, kind: string): Promise<Estimate>
  create(draft: Draft): Promise<Saved>
  change(draft: Draft, revision: number): Promise<Saved>
  refresh(slug: string): Promise<void>
}

export function audienceApi(client: Client): AudienceApi {
  return {
    read: async (slug) => readSaved(await client.get(`/audiences/${slug}`)),
    estimate: async (rule, kind) => readEstimate(await client.post('/audiences/estimate', { rule, kind })),
    create: async (draft) => readSaved(await client.post('/audiences', body(draft))),
    change: async (draft, revision) => {
      const { slug, kind: _, ...changes } = body(draft)
      return readSaved(await client.patch(`/audiences/${String(slug)}`, changes, revision))
    },
    refresh: async (slug) => void (await client.post(`/audiences/${slug}/refresh`)),
  }
}

function body(draft: Draft): Config {
  const { rule, ...rest } = draft
  return rule === null ? rest : { ...rest, definition: { rule } }
}

function readSaved(found: unknown): Saved {
  const row = isRecord(found) ? found : {}
  const definition = isRecord(row['definition']) ? row['definition'] : {}
  return {
    slug: text(row['slug']),
    name: text(row['name']),
    description: text(row['description']),
    kind: text(row['kind'], 'consumer'),
    every: text(row['every']) || null,
    rule: isRecord(definition['rule']) ? definition['rule'] : null,
    revision: Number(row['revision'] ?? 0),
  }
}

function readEstimate(found: unknown): Estimate {
  const row = isRecord(found) ? found : {}
  const number = (name: string): number => Number(row[name] ?? 0)
  return {
    size: number('size'),
    exact: row['exact'] === true,
    low: number('low'),
    high: number('high'),
  }
}
