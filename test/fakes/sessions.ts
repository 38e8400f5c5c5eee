import { EventEmitter } from 'node:events'
import type { SignInChange } from '../../src/extension/signIn/changes.ts'
import { Sessions, type SessionsOptions } from '../../src/extension/signIn/sessions.ts'
import { MemoryLock } from './locks.ts'

export type WindowParts = Pick<SessionsOptions, 'engine' | 'secrets' | 'ui'> & Partial<Pick<SessionsOptions, 'clock'>>

/** The sign-ins of one window of the editor. @param onChange told whose sign-in has changed */
export function startSessions(parts: WindowParts, onChange: (change: SignInChange) => void = () => undefined): Sessions {
  const emitter = new EventEmitter()
  return new Sessions({
    clock: Date,
    lock: new MemoryLock(),
    ...parts,
    changes: {
      event: listener => {
        emitter.on('change', listener)
        return { dispose: () => emitter.off('change', listener) }
      },
      fire: change => {
        onChange(change)
        emitter.emit('change', change)
      },
    },
  })
}
