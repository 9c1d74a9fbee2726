import { EdgeLabelRenderer, type EdgeProps } from '@xyflow/react'
import { memo } from 'react'
import { useCounts, useFlow } from '../store/counts'
import { useView } from '../store/view'
import { useSpeak } from '../text/context'
import { lineWidth } from './width'
import type { WayEdge } from './flow'

/** A line along the engine's own corners, as thick as people went along it, with its name and figures on it. */
export const Way = memo(function Way({ data }: EdgeProps<WayEdge>) {
  const outlet = data?.outlet
  const people = useFlow(outlet?.from ?? '', outlet?.carries ?? [])
  const most = useCounts((state) => state.most)
  const lit = useView(
    (view) => view.selected !== null && (view.selected === outlet?.from || view.selected === outlet?.to),
  )
  if (data === undefined || outlet === undefined) return null
  return (
    <>
      <path
        className="way"
        data-lit={lit}
        data-idle={people === 0}
        d={data.path}
        style={{ strokeWidth: lineWidth(people, most) }}
      />
      {data.label !== null && data.name !== '' && (
        <EdgeLabelRenderer>
          <div
            className="way-label nodrag nopan"
            data-lit={lit}
            style={{ transform: `translate(-50%, -50%) translate(${data.label.x}px, ${data.label.y}px)` }}
          >
            <span className="way-name" title={data.name}>
              {data.name}
            </span>
            {people !== null && <WayFigures id={outlet.id} from={outlet.from} people={people} />}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  )
})

function WayFigures({ id, from, people }: { id: string; from: string; people: number }) {
  const { count, percent } = useSpeak()
  const all = useCounts((state) => Object.values(state.counts?.nodes[from]?.out ?? {}).reduce((sum, n) => sum + n, 0))
  const share = percent(people, all)
  return (
    <>
      <span className="figure way-people" data-testid={`out-${id}`}>
        {count(people)}
      </span>
      {share !== '' && <span className="figure way-share">{share}</span>}
    </>
  )
}
