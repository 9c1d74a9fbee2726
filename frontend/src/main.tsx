/** Entry of the journey page. The server's page holds one element with the journey's slug and the request's tokens. */

import { App, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { client } from './api/client'
import { journeyApi } from './api/journey'
import { fetchCanvas, JourneyPage } from './page/JourneyPage'
import { show } from './store/view'
import { SpeakProvider } from './text/context'
import { langOf, speak } from './text/speak'
import { themeFrom } from './theme'

const NARROW = '(max-width: 760px)'

function start(root: HTMLElement): void {
  const { slug = '', csrf = '' } = root.dataset
  // Browsers hide the nonce from everything but script, so it stands nowhere in the page's text.
  const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? ''
  const lang = langOf(document.documentElement.lang)
  const api = journeyApi(client('/api/v1', csrf), slug)
  if (window.matchMedia(NARROW).matches) show('list')
  else void fetchCanvas()
  createRoot(root).render(
    <StrictMode>
      <ConfigProvider
        locale={lang === 'zh' ? zhCN : enUS}
        theme={themeFrom(document.documentElement)}
        csp={{ nonce }}
        button={{ autoInsertSpace: false }}
      >
        <App>
          <SpeakProvider value={speak(lang)}>
            <JourneyPage api={api} slug={slug} lang={lang} />
          </SpeakProvider>
        </App>
      </ConfigProvider>
    </StrictMode>,
  )
}

const root = document.getElementById('journey')
if (root !== null) start(root)
