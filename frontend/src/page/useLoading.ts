import { useCallback, useEffect } from 'react'
import type { JourneyApi } from '../api/journey'
import { ApiError } from '../api/problem'
import { drawingOf } from '../canvas/drawing'
import { requestArrangement } from '../layout/desk'
import { openJourney, useJourney, type Loaded } from '../store/journey'
import { stand } from '../store/view'
import type { Lang } from '../text/number'

/** Fetches the journey and has it laid out. The returned function does it again. */
export function useLoading(api: JourneyApi, lang: Lang): () => Promise<void> {
  const load = useCallback(async () => {
    try {
      const loaded = openJourney(await api.journey(), lang)
      useJourney.setState({ loaded, trouble: null })
      const first = loaded.graph.nodes[0]
      if (first !== undefined) stand(first.id)
      await arrangeFor(loaded)
    } catch (error) {
      useJourney.setState({ trouble: error instanceof ApiError ? error.trouble : 'failed' })
    }
  }, [api, lang])
  useEffect(() => void load(), [load])
  return load
}

async function arrangeFor(loaded: Loaded): Promise<void> {
  try {
    const arrangement = await requestArrangement(drawingOf(loaded.graph, loaded.voice))
    if (useJourney.getState().loaded === loaded) useJourney.setState({ arrangement, layoutFailed: false })
  } catch {
    useJourney.setState({ layoutFailed: true })
  }
}
