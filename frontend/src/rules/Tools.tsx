/** What can be done to one part of a group. */

import { MoreOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useSpeak } from '../text/context'
import { useEditor } from './editor'
import { bare, duplicate, move, negate, remove, replace, wrap, type Place, type Rule } from './rule'

export interface PartProps {
  readonly rule: Rule
  readonly place: Place
  readonly index: number
  readonly count: number
}

export function Tools({ rule, place, index, count }: PartProps) {
  const { builder } = useSpeak().words
  const { root, change } = useEditor()
  const actions = {
    not: () => replace(root, place, negate(rule)),
    copy: () => duplicate(root, place),
    group: () => wrap(root, place, 'any'),
    up: () => move(root, place, -1),
    down: () => move(root, place, 1),
    remove: () => remove(root, place),
  }
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      menu={{
        items: [
          { key: 'not', label: bare(rule).negated ? builder.include : builder.exclude },
          { key: 'copy', label: builder.duplicate },
          { key: 'group', label: builder.addGroup },
          { key: 'up', label: builder.up, disabled: index === 0 },
          { key: 'down', label: builder.down, disabled: index === count - 1 },
          { type: 'divider' },
          { key: 'remove', label: builder.remove, danger: true },
        ],
        onClick: ({ key }) => change(actions[key as keyof typeof actions]()),
      }}
    >
      <Button type="text" size="small" className="rule-tools" icon={<MoreOutlined />} aria-label={builder.more} />
    </Dropdown>
  )
}
