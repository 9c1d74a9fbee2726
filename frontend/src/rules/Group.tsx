/** A group of conditions that are joined by "all" or "any"; groups may hold groups. */

import { PlusOutlined } from '@ant-design/icons'
import { Button, Dropdown, Segmented } from 'antd'
import { useSpeak } from '../text/context'
import { useEditor } from './editor'
import { LeafForm } from './LeafForm'
import { Tools, type PartProps } from './Tools'
import {
  append,
  bare,
  EVERYBODY,
  groupKind,
  parts,
  switchKind,
  written,
  type GroupKind,
  type Place,
  type Rule,
} from './rule'

interface Props {
  readonly rule: Rule
  readonly place: Place
  readonly tools?: React.ReactNode
}

export function Group({ rule, place, tools }: Props) {
  const { builder } = useSpeak().words
  const { root, change } = useEditor()
  const kind = groupKind(rule) ?? 'all'
  const inner = parts(rule)
  return (
    <section className={`rule-group rule-group-${kind}`} aria-label={builder[kind]}>
      <header className="rule-head">
        <Segmented<GroupKind>
          size="small"
          value={kind}
          options={[
            { value: 'all', label: builder.all },
            { value: 'any', label: builder.any },
          ]}
          onChange={(chosen) => change(switchKind(root, place, chosen))}
        />
        {tools}
      </header>
      {inner.length === 0 ? (
        <p className="rule-empty">{kind === 'all' ? builder.emptyAll : builder.emptyAny}</p>
      ) : (
        <ol className="rule-parts">
          {inner.map((part, index) => {
            const there = [...place, kind, index]
            return <Part key={written(there)} rule={part} place={there} count={inner.length} index={index} />
          })}
        </ol>
      )}
      <Adder place={place} />
    </section>
  )
}

/** One part of a group: a condition or another group, perhaps negated, with the tools that move it about. */
function Part(props: PartProps) {
  const { rule, place } = props
  const { builder } = useSpeak().words
  const { problems } = useEditor()
  const inner = bare(rule)
  const here = innermost(rule, place)
  const told = problems.filter((problem) => isAt(problem.path, written(place), groupKind(inner.rule) !== null))
  const tools = <Tools {...props} />
  return (
    <li className={`rule-part${inner.negated ? ' rule-negated' : ''}`} data-place={written(place)}>
      {inner.negated && <span className="rule-not">{builder.none}</span>}
      {groupKind(inner.rule) === null ? (
        <div className="rule-leaf">
          <div className="rule-form">
            <LeafForm rule={inner.rule} place={here} />
            {told.map((problem) => (
              <p key={problem.path + problem.detail} className={`rule-problem rule-${problem.severity}`} role="alert">
                {problem.detail}
              </p>
            ))}
          </div>
          {tools}
        </div>
      ) : (
        <Group rule={inner.rule} place={here} tools={tools} />
      )}
    </li>
  )
}

function Adder({ place }: { readonly place: Place }) {
  const { builder } = useSpeak().words
  const { root, catalogue, kinds, change } = useEditor()
  return (
    <div className="rule-add">
      <Dropdown
        trigger={['click']}
        menu={{
          items: kinds.map(({ spec, label }) => ({ key: spec.key, label })),
          onClick: ({ key }) => {
            const found = kinds.find(({ spec }) => spec.key === key)
            if (found) change(append(root, place, found.spec.fresh(catalogue)))
          },
        }}
      >
        <Button size="small" icon={<PlusOutlined />}>
          {builder.addCondition}
        </Button>
      </Dropdown>
      <Button size="small" type="text" onClick={() => change(append(root, place, nested(root, place)))}>
        {builder.addGroup}
      </Button>
    </div>
  )
}

/** A group within "all" is nearly always meant as "any". */
function nested(root: Rule, place: Place): Rule {
  return place.length === 0 && groupKind(root) === 'any' ? EVERYBODY : { any: [] }
}

/** The place of what is under the "not"s. */
function innermost(rule: Rule, place: Place): Place {
  const inner = rule['not']
  return typeof inner === 'object' && inner !== null ? innermost(inner as Rule, [...place, 'not']) : place
}

/** A leaf tells whatever is wrong inside it; a group only what is wrong with itself. */
function isAt(path: string, place: string, group: boolean): boolean {
  if (path === place) return true
  return !group && (path.startsWith(`${place}.`) || path.startsWith(`${place}[`))
}
