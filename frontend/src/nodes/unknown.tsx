import { icon } from './icon'
import type { NodeSpec } from './spec'

/** Stands in for a type that this version does not know: whatever edges it has are its ways out. */
export const unknownSpec: NodeSpec = {
  type: '',
  tone: 'unknown',
  icon: icon(
    <>
      <path d="M10 3 2.8 16h14.4L10 3Z" />
      <path d="M10 8.5v3.2" />
      <path d="M10 14v.1" />
    </>,
  ),
  label: (_config, speak) => speak.pick({ zh: '未知步骤', en: 'Unknown step' }),
  summary: () => '',
  ports: () => [],
}
