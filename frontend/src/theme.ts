/** Ant Design drawn with our tokens: they are decided in static/itinera.css and read from the page. */

import type { ThemeConfig } from 'antd'

export function themeFrom(page: HTMLElement): ThemeConfig {
  const style = getComputedStyle(page)
  const token = (name: string): string => style.getPropertyValue(name).trim()
  const reduced = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  return {
    token: {
      colorPrimary: token('--accent'),
      colorError: token('--bad'),
      colorWarning: token('--warn'),
      colorSuccess: token('--good'),
      colorText: token('--ink'),
      colorTextSecondary: token('--ink-soft'),
      colorBorder: token('--line-strong'),
      colorBgLayout: token('--paper'),
      fontFamily: token('--font'),
      fontSize: 14,
      borderRadius: 6,
      controlHeight: 34,
      motionDurationFast: '0.08s',
      motionDurationMid: '0.14s',
      motionDurationSlow: '0.18s',
      motion: !reduced,
    },
    components: { Segmented: { trackBg: token('--sunken') } },
  }
}
