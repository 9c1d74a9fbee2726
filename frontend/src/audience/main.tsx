/** Entry of the page on which an audience is defined. The server's page holds one element with its short name. */

import { App, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { audienceApi } from '../api/audience'
import { client } from '../api/client'
import { rulesApi } from '../api/rules'
import { SuggestProvider } from '../rules/fields/suggestions'
import { SpeakProvider } from '../text/context'
import { langOf, speak } from '../text/speak'
import { themeFrom } from '../theme'
import { AudiencePage } from './AudiencePage'

function start(root: HTMLElement): void {
  const { slug = '', csrf = '', back = '/audiences/' } = root.dataset
  const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? ''
  const lang = langOf(document.documentElement.lang)
  if (lang === 'zh') dayjs.locale('zh-cn')
  const calls = client('/api/v1', csrf)
  const rules = rulesApi(calls)
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
            <SuggestProvider value={rules.values}>
              <AudiencePage audiences={audienceApi(calls)} rules={rules} slug={slug} back={back} />
            </SuggestProvider>
          </SpeakProvider>
        </App>
      </ConfigProvider>
    </StrictMode>,
  )
}

const root = document.getElementById('audience')
if (root !== null) start(root)
