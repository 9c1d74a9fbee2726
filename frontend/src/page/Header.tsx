import { Segmented } from 'antd'
import type { Journey, JourneyApi } from '../api/journey'
import type { Graph } from '../graph/graph'
import { icon } from '../nodes/icon'
import { show, useView, type Mode } from '../store/view'
import { useSpeak } from '../text/context'
import { Verbs } from './Verbs'

interface Props {
  readonly journey: Journey
  readonly graph: Graph
  readonly api: JourneyApi
  readonly reload: () => Promise<void>
}

export function Header({ journey, graph, api, reload }: Props) {
  const { words } = useSpeak()
  const mode = useView((view) => view.mode)
  return (
    <header className="head">
      <a className="head-back" href="/journeys/" aria-label={words.page.back} title={words.page.back}>
        {back}
      </a>
      <Name journey={journey} />
      <div className="head-tools">
        <Segmented<Mode>
          value={mode}
          onChange={show}
          aria-label={words.page.view}
          options={[
            { value: 'canvas', label: words.page.canvas },
            { value: 'list', label: words.page.list },
          ]}
        />
        <Verbs journey={journey} graph={graph} api={api} reload={reload} />
      </div>
    </header>
  )
}

const back = icon(<path d="m12 4.5-5.5 5.5 5.5 5.5" />)

function Name({ journey }: { journey: Journey }) {
  const { words, instant } = useSpeak()
  const version = journey.version === null ? words.page.notLive : words.page.version(String(journey.version))
  return (
    <div className="head-name">
      <h1 title={journey.name}>{journey.name}</h1>
      <span className={`state state-${journey.status}`} data-testid="status">
        {words.status[journey.status] ?? journey.status}
      </span>
      <span className="head-version" title={journey.publishedAt === null ? '' : instant(journey.publishedAt)}>
        {version}
        {journey.version !== null && journey.draftDiffers && (
          <span title={words.page.draftDiffersHelp}> · {words.page.draftDiffers}</span>
        )}
      </span>
    </div>
  )
}
