import { workspace } from 'vscode'
import { NO_SETTINGS, readEnvironment, type NetworkSettings } from '../../core/instance/way.ts'
import type { EditorNetwork } from '../../node/engine/client.ts'
import type { Log } from './log.ts'

/** What VS Code knows of the network, for the engine, whose thread VS Code doesn't teach. */
export function editorNetwork(log: Log): EditorNetwork {
  return {
    settings: readNetworkSettings,
    // VS Code replaces the global one when the extension host starts, so it is looked up each time
    fetch: (input, init) => globalThis.fetch(input, init),
    log: (level, line) => log[level](line),
  }
}

/** VS Code's own settings, where a person or a company has set the proxy already. */
function readNetworkSettings(): NetworkSettings {
  const http = workspace.getConfiguration('http')
  return {
    proxy: http.get('proxy', NO_SETTINGS.proxy),
    noProxy: http.get('noProxy', NO_SETTINGS.noProxy),
    // null where it isn't set
    proxyAuthorization: http.get<string | null>('proxyAuthorization', null) ?? NO_SETTINGS.proxyAuthorization,
    proxyStrictSSL: http.get('proxyStrictSSL', NO_SETTINGS.proxyStrictSSL),
    proxySupport: http.get('proxySupport', NO_SETTINGS.proxySupport),
    fetchAdditionalSupport: http.get('fetchAdditionalSupport', NO_SETTINGS.fetchAdditionalSupport),
    electronFetch: http.get('electronFetch', NO_SETTINGS.electronFetch),
    systemCertificates: http.get('systemCertificates', NO_SETTINGS.systemCertificates),
    environment: readEnvironment(process.env),
  }
}
