/** The journey that the page shows, and the graph made of its canvas. */

import { create } from 'zustand'
import type { Journey } from '../api/journey'
import type { Trouble as ApiTrouble } from '../api/problem'
import { readCanvas, type Config, type Trouble } from '../graph/document'
import { buildGraph, type Graph } from '../graph/graph'
import type { Arrangement } from '../layout/types'
import { portsOf } from '../nodes/registry'
import { speak, type Speak } from '../text/speak'

export interface Loaded {
  readonly journey: Journey
  readonly graph: Graph
  readonly settings: Config
  readonly troubles: readonly Trouble[]
  readonly voice: Speak
}

export interface JourneyState {
  readonly loaded: Loaded | null
  readonly trouble: ApiTrouble | null
  readonly arrangement: Arrangement | null
  readonly layoutFailed: boolean
}

export const useJourney = create<JourneyState>(() => ({
  loaded: null,
  trouble: null,
  arrangement: null,
  layoutFailed: false,
}))

export function openJourney(journey: Journey, lang: Speak['lang']): Loaded {
  const { document, troubles } = readCanvas(journey.canvas)
  const graph = buildGraph(document, portsOf)
  const voice = speak(lang, journey.names, journey.zone ?? undefined)
  return { journey, graph, settings: document.settings, troubles: [...troubles, ...graph.troubles], voice }
}
