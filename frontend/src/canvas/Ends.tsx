import { Handle, Position } from '@xyflow/react'

/** React Flow draws a line only between handles that it finds; ours have no looks of their own. */
export function Ends() {
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </>
  )
}
