import { useCallback, useEffect } from 'react'
import type { JourneyApi } from '../api/journey'
import { ApiError } from '../api/problem'
import { drawingOf } from '../canvas/drawing'
import { requestArrangement } from '../layout/desk'
import { openJourney, useJourney, type JourneyState, type Loaded } from '../store/journey'
import { stand, useView } from '../store/view'
import type { Lang } from '../text/number'

/** Fetches the journey and has it laid out. The returned function does it again. */
export function useLoading(api: JourneyApi, lang: Lang): () => Promise<void> {
  const load = useCallback(async () => {
    try {
      await take(openJourney(await api.journey(), lang))
    } catch (error) {
      useJourney.setState({ trouble: error instanceof ApiError ? error.trouble : 'failed' })
    }
  }, [api, lang])
  useEffect(() => void load(), [load])
  return load
}

/** The header need not wait for the drawing, and the drawing is not made again for a canvas that is the same. */
async function take(loaded: Loaded): Promise<void> {
  const { loaded: before } = useJourney.getState()
  const isSame = before !== null && JSON.stringify(before.journey.canvas) === JSON.stringify(loaded.journey.canvas)
  if (before === null || isSame) useJourney.setState({ loaded, trouble: null })
  if (isSame) return
  const [first] = loaded.graph.nodes
  if (first !== undefined && !loaded.graph.byId.has(useView.getState().current ?? '')) stand(first.id)
  useJourney.setState({ loaded, trouble: null, ...(await arranged(loaded)) })
}

async function arranged({ graph, voice }: Loaded): Promise<Pick<JourneyState, 'arrangement' | 'layoutFailed'>> {
  try {
    return { arrangement: await requestArrangement(drawingOf(graph, voice)), layoutFailed: false }
  } catch {
    return { arrangement: null, layoutFailed: true }
  }
}
