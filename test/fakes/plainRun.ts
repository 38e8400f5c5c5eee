import type { Run } from '../../src/core/plan/plan.ts'

/** A run of one request whose rows go out as they come. `url` is the root and the resource. */
export function plainRun(url: string, top?: number): Run {
  const { origin, pathname } = new URL(url)
  const [, folder = '/', resource = ''] = /^(.*\/)([^/]*)$/.exec(pathname) ?? []
  return {
    root: origin + folder,
    maxUrlLength: Infinity,
    requests: [{ resource, conditions: [], ...(top === undefined ? {} : { top }) }],
    joins: [],
    stages: [],
    columns: [],
  }
}
