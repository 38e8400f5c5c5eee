import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '../wire/servers.ts'

/** Debian's `tinyproxy`, as companies have it between their people and the world. */
export interface ProxyUnderTest {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** What it was asked to connect to, as its log says; the first `count`, as soon as they are there. */
  connections(count: number): Promise<readonly string[]>
  /** Ends the process and waits for it. */
  stop(): Promise<void>
}

export interface ProxyWishes {
  /** Port of the proxy above it, which knows the hosts of the world. */
  readonly world: number
  /** `user password` that it demands. */
  readonly login?: string
  /** The only port that it connects to; all are allowed when not said. */
  readonly onlyPort?: number
}

/** Else a test has nothing to test with, and is pending. */
export function proxyIsInstalled(): boolean {
  if (program() !== undefined) return true
  console.log('      pending, since tinyproxy is not installed')
  return false
}

function program(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  return folders.map(folder => join(folder, 'tinyproxy')).find(file => existsSync(file))
}

export async function startProxy({ world, login, onlyPort }: ProxyWishes): Promise<ProxyUnderTest> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'erpnet-proxy-'))
  const config = join(folder, 'tinyproxy.conf')
  writeFileSync(config, [
    'Listen 127.0.0.1', `Port ${port}`, 'Allow 127.0.0.1', 'LogLevel Info', `Upstream http 127.0.0.1:${world}`,
    ...(login === undefined ? [] : [`BasicAuth ${login}`]),
    ...(onlyPort === undefined ? [] : [`ConnectPort ${onlyPort}`]),
    '',
  ].join('\n'))
  const child = spawn(program() ?? 'tinyproxy', ['-d', '-c', config], { stdio: ['ignore', 'pipe', 'inherit'] })
  const kill = (): void => void child.kill()
  process.once('exit', kill)
  const ended = once(child, 'exit')
  const connections: string[] = []
  const events = new EventEmitter()
  const listening = Promise.race([once(events, 'listening'), ended.then(() => { throw new Error('tinyproxy did not start') })])
  createInterface(child.stdout).on('line', line => {
    if (line.includes('Accepting connections')) events.emit('listening')
    const [, target] = /: CONNECT (\S+) HTTP/.exec(line) ?? []
    if (target === undefined) return
    connections.push(target)
    events.emit('connection')
  })
  await listening
  return {
    url: `http://127.0.0.1:${port}`,
    connections: async count => {
      while (connections.length < count) await once(events, 'connection')
      return connections
    },
    stop: async () => {
      process.off('exit', kill)
      // a signal that one of its threads takes ends it with the next connection only
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
