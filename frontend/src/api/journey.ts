/** A journey over the API. */

import { isRecord, text, type Config } from '../graph/document'
import type { Names } from '../text/speak'
import type { Client } from './client'
import { readCounts, type Counts } from './counts'
import { ApiError, readProblems, type Problem } from './problem'

export type Verb = 'publish' | 'pause' | 'resume'

export interface Journey {
  readonly slug: string
  readonly name: string
  readonly status: string
  /** number of the live version, null before the first publishing */
  readonly version: number | null
  readonly publishedAt: string | null
  readonly canvas: unknown
  readonly draftDiffers: boolean
  readonly may: { readonly publish: boolean; readonly pause: boolean }
  readonly names: Names
  readonly zone: string | null
}

export interface JourneyApi {
  journey(): Promise<Journey>
  counts(): Promise<Counts>
  check(): Promise<Problem[]>
  act(verb: Verb): Promise<void>
}

export function journeyApi(client: Client, slug: string): JourneyApi {
  const path = `/journeys/${encodeURIComponent(slug)}`
  return {
    journey: async () => readJourney(await client.get(path)),
    counts: async () => {
      const counts = readCounts(await client.get(`${path}/counts`))
      if (counts === null) throw new ApiError('failed')
      return counts
    },
    check: async () => {
      const answer = await client.post(`${path}/check`)
      return isRecord(answer) ? readProblems({ problems: answer['problems'] }) : []
    },
    act: async (verb) => void (await client.post(`${path}/${verb}`)),
  }
}

function readJourney(value: unknown): Journey {
  if (!isRecord(value)) throw new ApiError('failed')
  const part = (key: string): Config => (isRecord(value[key]) ? value[key] : {})
  const [may, names, version] = [part('may'), part('names'), part('version')]
  return {
    slug: text(value['slug']),
    name: text(value['name']),
    status: text(value['status'], 'draft'),
    version: typeof version['number'] === 'number' ? version['number'] : null,
    publishedAt: text(version['published_at']) || null,
    canvas: value['canvas'],
    draftDiffers: value['draft_differs'] === true,
    may: { publish: may['publish'] === true, pause: may['pause'] === true },
    names: {
      events: strings(names['events']),
      attributes: strings(names['attributes']),
      properties: strings(names['properties']),
    },
    zone: text(value['zone']) || null,
  }
}

function strings(value: unknown): Record<string, string> {
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, word]) => [key, text(word)])) : {}
}
