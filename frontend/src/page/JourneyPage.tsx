import { lazy, Suspense } from 'react'
import type { JourneyApi } from '../api/journey'
import { Outline } from '../outline/Outline'
import { Panel } from '../panel/Panel'
import { useJourney, type Loaded } from '../store/journey'
import { useView } from '../store/view'
import { SpeakProvider, useSpeak } from '../text/context'
import type { Lang } from '../text/number'
import { Boundary } from './Boundary'
import { Figures } from './Figures'
import { Header } from './Header'
import { Empty, Loading, Notices, Trouble } from './states'
import { useFeed } from './useFeed'
import { useLoading } from './useLoading'
import '../nodes/step.css'
import './page.css'

/** The drawing is half of the script; a phone that shows the list never fetches it. */
export const fetchCanvas = () => import('../canvas/Canvas')
const Canvas = lazy(() => fetchCanvas().then((module) => ({ default: module.Canvas })))

interface Props {
  readonly api: JourneyApi
  readonly slug: string
  readonly lang: Lang
}

export function JourneyPage({ api, slug, lang }: Props) {
  const reload = useLoading(api, lang)
  const loaded = useJourney((state) => state.loaded)
  const trouble = useJourney((state) => state.trouble)
  useFeed(api, slug, reload)
  if (loaded === null) return trouble === null ? <Loading /> : <Trouble trouble={trouble} retry={reload} />
  return (
    <SpeakProvider value={loaded.voice}>
      <Header journey={loaded.journey} graph={loaded.graph} api={api} reload={reload} />
      <Figures />
      <Notices loaded={loaded} />
      <Boundary>
        <Stage loaded={loaded} />
      </Boundary>
    </SpeakProvider>
  )
}

function Stage({ loaded }: { loaded: Loaded }) {
  const { words } = useSpeak()
  const mode = useView((view) => view.mode)
  const arrangement = useJourney((state) => state.arrangement)
  const failed = useJourney((state) => state.layoutFailed)
  if (loaded.graph.nodes.length === 0) return <Empty />
  return (
    <div className="stage">
      <div className="stage-main">
        {mode === 'list' || failed ? (
          <Outline graph={loaded.graph} />
        ) : (
          <Suspense fallback={<Loading words={words.page.arranging} />}>
            {arrangement === null ? (
              <Loading words={words.page.arranging} />
            ) : (
              <Canvas loaded={loaded} arrangement={arrangement} />
            )}
          </Suspense>
        )}
      </div>
      <Panel loaded={loaded} />
    </div>
  )
}
