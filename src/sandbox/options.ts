import { parseArgs } from 'node:util'

import { Quirks } from './quirks.ts'

/** The sandbox's command line. */
export interface Options {
  /** 0: any free one */
  readonly port: number
  readonly host: string
  /** The root address by which clients know the instance, where something stands in front of it: no trailing slash. */
  readonly publicUrl: string | undefined
  /** How many sales order lines; everything else grows with them. */
  readonly rows: number
  readonly seed: number
  /** The folder of a model's files, which is served instead of the sandbox's own model. */
  readonly model: string | undefined
  readonly quirks: Quirks
  readonly control: boolean
  /** End when the input closes, so that the sandbox never outlives the process that started it. */
  readonly exitWithStdin: boolean
  /** The file by which the windows of an editor find it and share it: see `lease.ts`. */
  readonly lease: string | undefined
  /** Seconds from the end of the last lease to its own end: enough for a window to reload. */
  readonly grace: number
}

/** Something on the command line that can't be: the message is for the person who typed it. */
export class UsageError extends Error {}

/** @throws UsageError */
export function readOptions(args: readonly string[]): Options {
  const values = parse(args)
  const quirks = new Quirks()
  for (const quirk of values.quirk ?? []) {
    const [name = ''] = quirk.split('=')
    try {
      quirks.set(name, quirk === name ? true : quirk.slice(name.length + 1))
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error))
    }
  }
  return {
    port: readNumber('port', values.port ?? '0', 0, 65_535),
    host: readHost(values.host ?? '127.0.0.1'),
    publicUrl: values['public-url'] === undefined ? undefined : readOrigin(values['public-url']),
    rows: readNumber('rows', values.rows ?? '20000', 1, 10_000_000),
    seed: readNumber('seed', values.seed ?? '1', 0, 4_294_967_295),
    model: values.model,
    quirks,
    control: values.control ?? false,
    exitWithStdin: values['exit-with-stdin'] ?? false,
    lease: values.lease,
    grace: readNumber('grace', values.grace ?? '20', 0, 86_400),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'public-url': { type: 'string' },
        rows: { type: 'string' },
        seed: { type: 'string' },
        model: { type: 'string' },
        quirk: { type: 'string', multiple: true },
        control: { type: 'boolean' },
        'exit-with-stdin': { type: 'boolean' },
        lease: { type: 'string' },
        grace: { type: 'string' },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split('\n')[0] : String(error))
  }
}

function readNumber(name: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new UsageError(`--${name} must be a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`)
  }
  return number
}

/** Only loopback: the sandbox speaks plain HTTP and its passwords are printed. */
function readOrigin(address: string): string {
  const url = URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`) {
    throw new UsageError(`--public-url must be an address such as https://example.com, not ${JSON.stringify(address)}`)
  }
  return url.origin
}

function readHost(host: string): string {
  const parts = /^127\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host)?.slice(1)
  const loopback = parts?.every(part => Number(part) <= 255) ?? (host === '::1' || host === 'localhost')
  if (!loopback) throw new UsageError(`--host must be a loopback address, not ${JSON.stringify(host)}`)
  return host
}
