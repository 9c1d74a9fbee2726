import { App, Button } from 'antd'
import { useState } from 'react'
import type { Journey, JourneyApi, Verb } from '../api/journey'
import { ApiError, type Problem } from '../api/problem'
import type { Graph } from '../graph/graph'
import { readNode } from '../nodes/registry'
import { useCounts } from '../store/counts'
import { select } from '../store/view'
import { useSpeak } from '../text/context'
import { impact } from './impact'

interface Props {
  readonly journey: Journey
  readonly graph: Graph
  readonly api: JourneyApi
  readonly reload: () => Promise<void>
}

const DONE = { publish: 'published', pause: 'paused', resume: 'resumed' } as const
const TITLE = { publish: 'publishTitle', pause: 'pauseTitle', resume: 'resumeTitle' } as const

export function verbsOf(journey: Journey): Verb[] {
  const verbs: Verb[] = []
  if (journey.may.pause && journey.status === 'published') verbs.push('pause')
  if (journey.may.pause && journey.status === 'paused') verbs.push('resume')
  if (journey.may.publish && (journey.version === null || journey.draftDiffers)) verbs.push('publish')
  return verbs
}

/** Publish, pause, resume: asked first with what it means in people, then done, and told. */
export function Verbs(props: Props) {
  const { words } = useSpeak()
  const { busy, ask } = useVerbs(props)
  return verbsOf(props.journey).map((verb) => (
    <Button
      key={verb}
      type={verb === 'pause' ? 'default' : 'primary'}
      loading={busy === verb}
      disabled={busy !== null}
      onClick={() => void ask(verb)}
    >
      {words.verbs[verb]}
    </Button>
  ))
}

interface Asking {
  /** the verb that is being checked before its question is put */
  readonly busy: Verb | null
  ask(verb: Verb): Promise<void>
}

function useVerbs({ journey, graph, api, reload }: Props): Asking {
  const { message, modal } = App.useApp()
  const speak = useSpeak()
  const { verbs: words } = speak.words
  const [busy, setBusy] = useState<Verb | null>(null)
  const tell = useTelling(graph)

  const act = async (verb: Verb): Promise<void> => {
    try {
      await api.act(verb)
      void message.success(words[DONE[verb]])
      await reload()
    } catch (error) {
      tell(words.refused, error)
    }
  }
  const put = (verb: Verb, warnings: readonly Problem[]): void => {
    const lines = impact(verb, journey, useCounts.getState().counts, speak)
    const content = [
      ...lines.map((line) => <p key={line}>{line}</p>),
      <Problems key="" problems={warnings} graph={graph} />,
    ]
    const buttons = { okText: words[verb], cancelText: words.cancel, okButtonProps: { danger: verb === 'pause' } }
    modal.confirm({ title: words[TITLE[verb]], content, ...buttons, icon: null, width: 440, onOk: () => act(verb) })
  }
  const ask = async (verb: Verb): Promise<void> => {
    setBusy(verb)
    try {
      const problems = verb === 'publish' ? await api.check() : []
      const errors = problems.filter((problem) => problem.severity === 'error')
      if (errors.length > 0) tell(words.fix, new ApiError('refused', errors))
      else put(verb, problems)
    } catch (error) {
      tell(words.refused, error)
    } finally {
      setBusy(null)
    }
  }
  return { busy, ask }
}

/** Says why something was not done, and leads to the steps that are to blame. */
function useTelling(graph: Graph): (title: string, error: unknown) => void {
  const { modal } = App.useApp()
  const { page } = useSpeak().words
  return (title, error) => {
    const dialog = modal.error({ title, width: 480, icon: null })
    const go = (id: string): void => {
      dialog.destroy()
      select(id)
    }
    const problems = error instanceof ApiError ? error.problems : []
    const otherwise = error instanceof ApiError && error.trouble === 'offline' ? page.offline : page.failedHelp
    dialog.update({ content: problems.length > 0 ? <Problems problems={problems} graph={graph} go={go} /> : otherwise })
  }
}

interface ProblemsProps {
  readonly problems: readonly Problem[]
  readonly graph: Graph
  go?(id: string): void
}

function Problems({ problems, graph, go }: ProblemsProps) {
  const speak = useSpeak()
  return problems.length === 0 ? null : (
    <ul className="problems">
      {problems.map((problem) => {
        const node = graph.byId.get(problem.node ?? '')
        return (
          <li key={`${problem.node} ${problem.detail}`} data-severity={problem.severity}>
            {node !== undefined && go !== undefined && (
              <button type="button" className="link" onClick={() => go(node.id)}>
                {readNode(node, speak).title}
              </button>
            )}
            {node !== undefined && go === undefined && readNode(node, speak).title}
            {node !== undefined && speak.words.colon}
            {problem.detail}
          </li>
        )
      })}
    </ul>
  )
}
