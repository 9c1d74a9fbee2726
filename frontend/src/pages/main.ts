/** What server pages need of script: parts that fetch themselves anew (progress, previews), and nothing else. */

import htmx from 'htmx.org'

// The page's security policy allows neither code in attributes nor styles from nowhere; nor do we want them.
htmx.config.allowEval = false
htmx.config.includeIndicatorStyles = false
htmx.config.selfRequestsOnly = true
htmx.config.historyEnabled = false

document.addEventListener('htmx:configRequest', (event) => {
  const { detail } = event as CustomEvent<{ headers: Record<string, string> }>
  const token = document.body.dataset['csrf']
  if (token !== undefined) detail.headers['X-CSRFToken'] = token
})

/** A button that cannot be undone asks first: `data-ask` is what it asks. */
document.addEventListener('submit', (event) => {
  const button = event.submitter
  const words = button?.dataset['ask']
  // eslint-disable-next-line no-alert -- the browser's own question works without a dialog of ours
  if (words !== undefined && !window.confirm(words)) event.preventDefault()
})
