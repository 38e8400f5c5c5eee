import { type ExtensionContext, l10n, type Memento, type SecretStorage, window } from 'vscode'
import { type KeptMarks, SecretKeeper } from '../../core/auth/secretKeeper.ts'
import type { SecretStore } from '../../core/base/effects.ts'
import { ErpError } from '../../core/base/errors.ts'
import { plainLine } from '../../core/base/redact.ts'
import { wordsFor } from './words.ts'

/** VS Code's secret store; where it can't keep anything, the person is asked (see `SecretKeeper`). */
export function openSecrets(
  { secrets, globalState }: Pick<ExtensionContext, 'secrets' | 'globalState'>,
  { lost, dropped }: { readonly lost: (key: string) => void, readonly dropped: (keys: readonly string[]) => void },
): SecretKeeper {
  return new SecretKeeper({
    store: storeOf(secrets),
    marks: marksIn(globalState),
    askToKeepInMemory,
    lost: (key, first) => {
      lost(key)
      if (first) sayLost()
    },
    dropped,
  })
}

/** Every failure of it is `secret-not-kept`. */
function storeOf(storage: SecretStorage): SecretStore {
  return {
    get: key => attempt(() => storage.get(key)),
    store: (key, value) => attempt(() => storage.store(key, value)),
    delete: key => attempt(() => storage.delete(key)),
  }
}

const MARKS = 'erpnet.keptSecrets'

function marksIn(memento: Memento): KeptMarks {
  const kept = () => memento.get<readonly string[]>(MARKS, [])
  return {
    has: key => kept().includes(key),
    set: (key, isKept) => {
      if (isKept === kept().includes(key)) return
      void memento.update(MARKS, isKept ? [...kept(), key] : kept().filter(other => other !== key))
    },
  }
}

async function askToKeepInMemory(reason: ErpError): Promise<boolean> {
  const keep = l10n.t('Keep it until the window closes')
  const { title } = wordsFor(reason)
  const question = l10n.t('Your sign-in can’t be stored on this machine, but it can be kept in memory.')
  return await window.showWarningMessage(`${title} ${question}`, keep, l10n.t('Sign out')) === keep
}

function sayLost(): void {
  void window.showWarningMessage(
    l10n.t('The editor’s secret store has lost a sign-in. Sign in again; if it happens every time, check that the keyring of this machine works.'),
  )
}

async function attempt<T>(action: () => Thenable<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw new ErpError('secret-not-kept', { reason: plainLine(error instanceof Error ? error.message : String(error)) })
  }
}
