import { isRecord, text as read, type Config } from '../../graph/document'
import type { Speak } from '../../text/speak'
import { icon } from '../icon'
import { details, phrase, type NodeSpec } from '../spec'

const text = {
  zh: {
    label: (name: string) => `发送${name}`,
    template: (slug: string) => `模板 ${slug}`,
    transactional: '交易类，不受频控和免打扰限制',
    channel: '渠道',
    category: '类别',
    account: '账号',
    templateLabel: '模板',
    subject: '主题',
    body: '正文',
    quiet: '免打扰时段',
    quiets: { hold: '顺延到时段结束', drop: '跳过不发' },
    capped: '超频次时',
    cappeds: { continue: '跳过，继续往下走', hold: '等到有余量', exit: '离开旅程' },
    hold: '最多等',
    stale: '过期不发',
    staleNote: (span: string) => `晚于 ${span}`,
  },
  en: {
    label: (name: string) => `Send ${name}`,
    template: (slug: string) => `template ${slug}`,
    transactional: 'transactional: caps and quiet hours do not apply',
    channel: 'Channel',
    category: 'Category',
    account: 'Account',
    templateLabel: 'Template',
    subject: 'Subject',
    body: 'Text',
    quiet: 'In quiet hours',
    quiets: { hold: 'hold until they end', drop: 'drop' },
    capped: 'When capped',
    cappeds: { continue: 'skip and go on', hold: 'wait for room', exit: 'leave the journey' },
    hold: 'Wait at most',
    stale: 'Not sent if late',
    staleNote: (span: string) => `by more than ${span}`,
  },
}

const BODIES = ['text', 'body', 'html', 'title']

const VARIABLE = /\{\{\s*(\w+)\.(\w+)[^}]*\}\}/g

/** A part of the message with its variables called by their names: 〔姓名〕. */
function content(config: Config, key: string, speak: Speak): string {
  const written = isRecord(config['content']) ? read(config['content'][key]).trim() : ''
  return written.replace(
    VARIABLE,
    (_all, source: string, name: string) =>
      `〔${source === 'profile' ? speak.attribute(name) : speak.property(name)}〕`,
  )
}

/** The words that a customer reads, without markup. */
function body(config: Config, speak: Speak): string {
  const key = BODIES.find((each) => content(config, each, speak) !== '')
  const words = key ? content(config, key, speak) : ''
  return key === 'html'
    ? words
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim()
    : words
}

function channel(config: Config, speak: Speak): string {
  return speak.words.channels[read(config['channel'])] ?? read(config['channel'])
}

function category(config: Config, speak: Speak): string {
  return speak.words.categories[read(config['category'])] ?? read(config['category'])
}

const spec: NodeSpec = {
  type: 'message',
  tone: 'reach',
  icon: icon(
    <>
      <path d="M17.5 2.8 9 11.3M17.5 2.8l-5.3 14.7L9 11.3 2.5 8.2l15-5.4Z" />
    </>,
  ),
  label: (config, speak) => speak.pick(text).label(channel(config, speak)),
  summary: (config, speak) => {
    const template = read(config['template'])
    return phrase(
      speak,
      content(config, 'subject', speak) || body(config, speak) || (template && speak.pick(text).template(template)),
    )
  },
  ports: () => [{ id: 'next' }, ...['capped', 'unreachable', 'failed'].map((id) => ({ id, optional: true }))],
  details: (config, speak) => {
    const words = speak.pick(text)
    const free = config['transactional'] === true
    return details(
      [words.channel, channel(config, speak)],
      [words.account, read(config['account'])],
      [words.templateLabel, read(config['template'])],
      [words.subject, content(config, 'subject', speak)],
      [words.body, body(config, speak)],
      [words.category, free ? words.transactional : category(config, speak)],
      [words.quiet, !free && words.quiets[read(config['on_quiet'], 'hold') as keyof typeof words.quiets]],
      [words.capped, !free && words.cappeds[read(config['on_capped'], 'continue') as keyof typeof words.cappeds]],
      [words.hold, read(config['hold_for']) !== '' && speak.duration(config['hold_for'])],
      [words.stale, words.staleNote(speak.duration(config['stale_after'] ?? 'P1D'))],
    )
  },
}
export default spec
