import { l10n, ProgressLocation, window } from 'vscode'
import type { Connection } from '../../core/instance/connection.ts'
import { site, tableRoot } from '../../core/instance/instance.ts'
import type { Engine } from '../../node/engine/client.ts'
import type { OpenAccess } from '../platform/contracts.ts'
import { wordsFor } from '../platform/words.ts'

export type StepName = 'discovery' | 'identity' | 'token' | 'Domain API' | 'Table API'

export interface TestStep {
  /** Fixed, in English: programs rely on it. */
  readonly name: StepName
  readonly ok: boolean
  /** What was found, or what is wrong and how to mend it. */
  readonly detail: string
}

export interface TestResult {
  readonly ok: boolean
  readonly steps: readonly TestStep[]
}

export interface ConnectionTestOptions {
  readonly engine: Engine
  readonly access: OpenAccess
}

/** Goes the way of every request, step by step: discovery, identity, token, Domain API, Table API. */
export class ConnectionTest {
  readonly #options: ConnectionTestOptions

  constructor(options: ConnectionTestOptions) {
    this.#options = options
  }

  async runWithProgress(connection: Connection): Promise<TestResult> {
    const location = ProgressLocation.Notification
    return window.withProgress({ location, title: l10n.t('Testing {0}…', connection.name), cancellable: true }, async (_, cancel) => {
      const abort = new AbortController()
      cancel.onCancellationRequested(() => abort.abort())
      return this.run(connection, abort.signal)
    })
  }

  /** Never throws for what it finds. Steps that need a failed one are left out. */
  async run(connection: Connection, signal?: AbortSignal): Promise<TestResult> {
    const steps: TestStep[] = []
    const { engine } = this.#options
    const step = async <T>(name: StepName, action: () => Promise<T>, detail: (result: T) => string): Promise<T | undefined> => {
      try {
        const result = await action()
        steps.push({ name, ok: true, detail: detail(result) })
        return result
      } catch (error) {
        const { title, cure } = wordsFor(error)
        steps.push({ name, ok: false, detail: cure === undefined ? title : `${title} ${cure}` })
        return undefined
      }
    }

    const instance = await step(
      'discovery', () => engine.call('discover', { address: connection.url }, { signal }),
      found => l10n.t('{0} lists {1} sites.', found.host, String(found.sites.length)),
    )
    if (instance === undefined) return { ok: false, steps }
    await step('identity', () => engine.call('issuer', { issuer: site(instance, 'ID').url }, { signal }), issuer => issuer)
    const access = await step('token', () => this.#options.access(connection, { signal }), () => l10n.t('There is a valid one.'))
    if (access !== undefined) {
      const { token } = access
      await step(
        'Domain API', () => engine.call('domainEntities', { base: site(instance, 'DomainAPI').url, token }, { signal }),
        entities => l10n.t('{0} entities.', String(entities.length)),
      )
      await step(
        'Table API', () => engine.call('tables', { base: tableRoot(site(instance, 'TableAPI')), token }, { signal }),
        tables => l10n.t('{0} tables.', String(tables.length)),
      )
    }
    return { ok: steps.every(({ ok }) => ok), steps }
  }
}
