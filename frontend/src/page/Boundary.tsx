import { Component, type ReactNode } from 'react'
import { useSpeak } from '../text/context'

/** What breaks inside stays inside: the header with its buttons goes on working. */
export class Boundary extends Component<{ readonly children: ReactNode }, { readonly broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true }
  }

  override render(): ReactNode {
    return this.state.broken ? <Crashed again={() => this.setState({ broken: false })} /> : this.props.children
  }
}

function Crashed({ again }: { again: () => void }) {
  const { words } = useSpeak()
  return (
    <div className="empty" role="alert">
      <h2>{words.page.crashed}</h2>
      <p>{words.page.crashedHelp}</p>
      <button type="button" className="button" onClick={again}>
        {words.page.retry}
      </button>
    </div>
  )
}
