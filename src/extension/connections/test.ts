import { env, l10n, ProgressLocation, window } from 'vscode'
import type { Facts } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { Documents } from '../platform/documents.ts'
import { plain, table } from '../platform/markdown.ts'
import { type Messages, toChoice } from '../platform/messages.ts'
import { wordsFor } from '../platform/words.ts'
import { type Step, STEP_NAMES, type StepName, type StepsOptions, takeSteps } from './steps.ts'

export interface TestStep {
  readonly name: StepName
  readonly ok: boolean
  /** What was found, or what is wrong and how to mend it. */
  readonly detail: string
}

export interface TestResult {
  readonly ok: boolean
  readonly steps: readonly TestStep[]
}

export interface ConnectionTestOptions extends StepsOptions {
  readonly messages: Messages
  readonly documents: Documents
}

/** The command `erpnet.connection.test`: goes the way of every request and says, step by step, what is wrong. */
export class ConnectionTest {
  readonly #options: ConnectionTestOptions

  constructor(options: ConnectionTestOptions) {
    this.#options = options
  }

  /** For programs. Never fails for what it finds. */
  async run(connection: Connection): Promise<TestResult> {
    return toResult(await takeSteps(this.#options, connection))
  }

  /** For a person, who sees one line when all is well, else what failed, what to do, and buttons that do it. */
  async show(connection: Connection): Promise<void> {
    const steps = await window.withProgress(
      { location: ProgressLocation.Notification, title: l10n.t('Testing {0}…', connection.name), cancellable: true },
      async (_, cancel) => {
        const abort = new AbortController()
        cancel.onCancellationRequested(() => abort.abort())
        return takeSteps(this.#options, connection, abort.signal)
      },
    )
    const failure = steps.find(step => 'error' in step)
    const all = {
      label: l10n.t('Show all steps'),
      act: () => this.#options.documents.show(l10n.t('Test of {0}', connection.name), page(connection, steps)),
    }
    if (failure === undefined) {
      void this.#options.messages.offer('info', l10n.t('{0} works: {1}', connection.name, proof(steps)), [all])
      return
    }
    const { title, cure, actions } = wordsFor(failure.error, connection.id)
    this.#options.messages.record(failure.error)
    const text = l10n.t('{0}, step “{1}”: {2}', connection.name, stepTitle(failure.name), cure === undefined ? title : `${title} ${cure}`)
    // the link to this very test leads nowhere new
    const choices = actions.filter(({ command }) => command !== 'erpnet.connection.test').map(toChoice)
    void this.#options.messages.offer('error', text, [...choices, all])
  }
}

function toResult(steps: readonly Step[]): TestResult {
  const told = steps.map(step => ({ name: step.name, ok: !('error' in step), detail: detailOf(step) }))
  return { ok: told.every(({ ok }) => ok), steps: told }
}

function detailOf(step: Step): string {
  if (!('error' in step)) return foundWords(step.name, step.facts)
  const { title, cure } = wordsFor(step.error)
  return cure === undefined ? title : `${title} ${cure}`
}

/** What the APIs have answered. */
function proof(steps: readonly Step[]): string {
  const apis = steps.filter(({ name }) => name === 'Domain API' || name === 'Table API')
  return apis.map(step => `${step.name}: ${detailOf(step)}`).join(' ')
}

/** All steps, also those that were not tried. */
function page(connection: Connection, steps: readonly Step[]): string {
  const rows = STEP_NAMES.map(name => {
    const step = steps.find(taken => taken.name === name)
    const mark = step === undefined ? '–' : 'error' in step ? '✘' : '✔'
    const detail = step === undefined ? l10n.t('Not tried: it needs a step that failed.') : detailOf(step)
    return [`${mark} ${plain(stepTitle(name))}`, plain(detail)]
  })
  return [
    `# ${plain(l10n.t('Test of {0}', connection.name))}`,
    plain(connection.url),
    table([l10n.t('Step'), l10n.t('Result')], rows),
  ].join('\n\n')
}

/** For people. */
function stepTitle(name: StepName): string {
  switch (name) {
    case 'discovery': return l10n.t('Discovery')
    case 'identity': return l10n.t('Identity service')
    case 'token': return l10n.t('Token')
    case 'audience and scope': return l10n.t('Audience and scope')
    case 'Domain API': case 'Table API': return name
  }
}

function foundWords(name: StepName, facts: Facts): string {
  switch (name) {
    case 'discovery':
      return l10n.t('{0} lists {1} sites.', text(facts['host']), text(facts['sites']))
    case 'identity':
      return text(facts['issuer'])
    case 'token':
      return tokenWords(facts)
    case 'audience and scope':
      return accessWords(facts)
    case 'Domain API':
      return facts['version'] === undefined ? l10n.t('It answers.') : l10n.t('Version {0}.', text(facts['version']))
    case 'Table API':
      return l10n.t('{0} tables.', text(facts['tables']))
  }
}

function tokenWords({ kind, account, visitor, expiresAt, warning }: Facts): string {
  if (kind === 'reference') {
    return warning === undefined
      ? l10n.t('A reference token. Whether it still opens anything, the APIs tell.')
      : l10n.t('A reference token of an unusual form; others are enrt_ and hexadecimal digits. Whether it opens anything, the APIs tell.')
  }
  const until = new Intl.DateTimeFormat(env.language, { dateStyle: 'short', timeStyle: 'short' }).format(Number(expiresAt))
  if (visitor !== undefined) return l10n.t('{0} has signed in, and the application acts as {1}, until {2}.', text(visitor), text(account), until)
  if (kind === 'service') return l10n.t('The application acts as {0}, until {1}.', text(account), until)
  return l10n.t('{0} has signed in, until {1}.', text(account), until)
}

function accessWords({ unknown, scopes, audiences, missing }: Facts): string {
  if (unknown === 'reference') return l10n.t('A reference token does not tell what it opens; the next steps show it.')
  if (unknown !== undefined) return l10n.t('The access token cannot be read; the next steps show what it opens.')
  const granted = l10n.t('Scopes: {0}. Audiences: {1}.', text(scopes), text(audiences))
  if (missing === undefined) return granted
  return `${granted} ${l10n.t('Not granted: {0}; Scope of the Trusted Application does not allow it.', text(missing))}`
}

function text(fact: string | number | undefined): string {
  return fact === undefined ? '?' : String(fact)
}
