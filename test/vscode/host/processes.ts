import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

const GRACE_MS = 5000

const cleanUps: (() => void)[] = []

/** Does something at the very end of this process, the latest first; signals end it too. Only what is synchronous. */
export function atEnd(cleanUp: () => void): void {
  if (cleanUps.length === 0) {
    process.once('exit', () => cleanUps.reverse().forEach(each => each()))
    for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) {
      process.once(signal, () => process.exit(code))
    }
  }
  cleanUps.push(cleanUp)
}

/** A program with all that it starts: a process group that can be ended as one, and ends with us. */
export interface Group {
  readonly child: ChildProcess
  /** Everything that it printed so far. */
  readonly output: () => string
  readonly stop: () => Promise<void>
}

/** Starts a program in a group of its own. */
export function startGroup(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Group {
  const child = spawn(command, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const printed: string[] = []
  const keep = (data: Buffer) => void printed.push(data.toString())
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  atEnd(() => end(child, 'SIGKILL'))
  return {
    child,
    output: () => printed.join(''),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      end(child, 'SIGTERM')
      const patience = setTimeout(() => end(child, 'SIGKILL'), GRACE_MS)
      await gone
      clearTimeout(patience)
    },
  }
}

function end(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The whole group is gone already.
  }
}
