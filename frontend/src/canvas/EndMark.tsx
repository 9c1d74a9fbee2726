import type { NodeProps } from '@xyflow/react'
import { memo } from 'react'
import { Ends } from './Ends'
import type { EndNode } from './flow'

/** Nothing follows: whoever comes here has completed the journey. */
export const EndMark = memo(function EndMark({ data }: NodeProps<EndNode>) {
  return (
    <div className="end-mark">
      <Ends />
      {data.title}
    </div>
  )
})
