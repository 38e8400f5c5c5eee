import { join } from 'node:path'
import { commands, Disposable, type ExtensionContext, EventEmitter, Uri, workspace } from 'vscode'
import type { Connection } from '../core/instance/connection.ts'
import type { Instance } from '../core/instance/instance.ts'
import { Engine } from '../node/engine/client.ts'
import { FileLock } from '../node/fileLock.ts'
import { ResultStore } from '../node/results/resultStore.ts'
import { registerConnectionCommands } from './connections/commands.ts'
import { ConnectionStore } from './connections/store.ts'
import { ConnectionsView } from './connections/view.ts'
import { modelLanguage, onModelLanguageChange } from './model/language.ts'
import { InstanceModels } from './model/reader.ts'
import { ModelService } from './model/service.ts'
import { ModelTrees } from './model/trees.ts'
import { registerNotebooks } from './notebook/notebooks.ts'
import { insertAtCursor, openQuery, runInNotebook } from './notebook/open.ts'
import { registerCommand } from './platform/commands.ts'
import type { OpenAccess, StoredSession } from './platform/contracts.ts'
import { Documents } from './platform/documents.ts'
import { once, registerLater } from './platform/later.ts'
import { Log } from './platform/log.ts'
import { Messages } from './platform/messages.ts'
import { editorNetwork } from './platform/network.ts'
import { openSecrets } from './platform/secrets.ts'
import { registerSandboxCommands } from './sandbox/commands.ts'
import { Sandbox } from './sandbox/sandbox.ts'
import type { SignInChange } from './signIn/changes.ts'
import { registerSignInCommands } from './signIn/commands.ts'
import { editorUi } from './signIn/editorUi.ts'
import { ErpAuthenticationProvider } from './signIn/provider.ts'
import { Sessions } from './signIn/sessions.ts'
import { SignInsUnderWay } from './signIn/underWay.ts'

const MODEL_COMMANDS = [
  ...['refresh', 'search', 'filter', 'copyName', 'insert', 'openDocumentation', 'openQueryBuilder', 'addToMine', 'removeFromMine']
    .map(name => `erpnet.model.${name}`),
  'erpnet.entity.query',
]
const COMPARISON = ['erpnet.model.compare', 'erpnet.model.findRenamed', 'erpnet.comparison.showText', 'erpnet.comparison.close']

/** Brings the features together. Registers and returns: nothing is read, sent or started before it is needed. */
export function activate(context: ExtensionContext): void {
  const log = new Log()
  const messages = new Messages(log)
  const engine = new Engine({
    script: join(context.extensionPath, 'dist', 'engine.cjs'),
    onStopped: reason => log.warn(`The engine stopped: ${reason}`),
    network: editorNetwork(log),
  })
  const store = new ConnectionStore(context.workspaceState)
  const changes = new EventEmitter<SignInChange>()
  const tellOf = (key: string): void => void sessions.secretChanged(key, store.list())
  const modelChanges = new EventEmitter<void>()
  const signIns = new SignInsUnderWay()
  const secrets = openSecrets(context, {
    lost: key => sessions.secretLost(key, store.list()),
    dropped: keys => keys.forEach(tellOf),
  })
  const lock = new FileLock(join(context.globalStorageUri.fsPath, 'locks'))
  const ui = editorUi(messages, signIns)
  const sessions = new Sessions({ engine, secrets, ui, clock: Date, lock, changes })
  const sandbox = new Sandbox({
    place: {
      script: join(context.extensionPath, 'dist', 'sandbox.cjs'),
      folder: context.globalStorageUri.fsPath,
      onComplaint: text => log.warn(text.trimEnd()),
    },
    connections: store,
    tokens: sessions,
    memento: context.workspaceState,
    onFailure: error => messages.showError(error),
  })
  const access: OpenAccess = async (connection, wishes) =>
    sessions.access(await sandbox.ready(connection, wishes?.signal), wishes)
  const instance = async (connection: Connection, signal?: AbortSignal): Promise<Instance> =>
    sessions.instance(await sandbox.ready(connection, signal), signal)
  const stored: StoredSession = connection => sessions.stored(connection)
  const documents = new Documents()
  const model = new ModelService({
    engine,
    access,
    ready: (connection, signal) => sandbox.ready(connection, signal),
    instance,
    isSignedIn: async connection => (await sessions.state(await sandbox.ready(connection))).signedIn,
    folder: join(context.globalStorageUri.fsPath, 'models'),
    language: modelLanguage,
    changes: modelChanges,
    onTrouble: error => log.debug(`The model: ${error.message}`),
  })
  const models = new InstanceModels({ engine, access, instance, service: model })
  const results = new ResultStore({
    folder: join(context.globalStorageUri.fsPath, 'results'),
    memoryLimit: () => workspace.getConfiguration('erpnet').get('results.memoryLimitMB', 16) * 1_000_000,
  })
  const queries = once(async () => {
    const { QueryRunner } = await import('./query/runner.ts')
    return new QueryRunner({
      engine,
      access,
      instance,
      tables: of => model.tables(of),
      entity: (of, entitySet) => model.entityNamed(of, entitySet),
      isStandard: of => model.about(of)?.kind === 'standard',
    })
  })

  const connectionsView = new ConnectionsView({
    store,
    signInState: connection => sessions.state(connection),
    sandbox: () => sandbox.status(),
  })
  const trees = new ModelTrees({
    model,
    connection: () => store.selected(),
    workspace: context.workspaceState,
    global: context.globalState,
  })

  context.subscriptions.push(
    log, changes, modelChanges, documents, store, signIns, sessions, sandbox, model, connectionsView, trees,
    { dispose: () => void engine.dispose() },
    { dispose: () => void results.dispose() },
    store.onDidChange(() => trees.refresh()),
    model.onDidChange(() => trees.refresh()),
    onModelLanguageChange(() => model.forget()),
    context.secrets.onDidChange(({ key }) => {
      secrets.noticeChange(key)
      tellOf(key)
    }),
    sessions.onDidChange(({ connection: { id }, what }) => {
      connectionsView.refresh()
      if (what === 'signedIn' || what === 'signedOut') model.forget(id)
    }),
    sandbox.onDidChange(() => {
      connectionsView.refresh()
      const { connection: changed } = sandbox.status() ?? {}
      if (changed !== undefined) model.forget(changed.id)
    }),
    new ErpAuthenticationProvider({ connections: store, sessions }),
    ...registerConnectionCommands({
      store,
      secrets: sessions,
      test: once(async () => {
        const { ConnectionTest } = await import('./connections/test.ts')
        return new ConnectionTest({ engine, access, stored, messages, documents })
      }),
      messages,
      removed: async connection => {
        await trees.filter.forgetMine(connection)
        if (store.list().some(({ url }) => url === connection.url)) model.forget(connection.id)
        else await model.remove(connection)
      },
      signIn: ({ id }) => commands.executeCommand('erpnet.signIn', { id, interactive: true }),
    }),
    ...registerSignInCommands({ connections: store, sessions, messages }),
    registerLater(['erpnet.token.inspect', 'erpnet.trustedApplication.describe'], async () => {
      const { registerApplicationCommands } = await import('./application/commands.ts')
      return () => Disposable.from(...registerApplicationCommands({
        connections: store,
        engine,
        stored,
        keepClientSecret: (of, secret) => sessions.keepClientSecret(of, secret),
        ports: () => ui.settings().ports,
        messages,
        documents,
      }))
    }),
    registerLater(MODEL_COMMANDS, async () => {
      const { registerModelCommands } = await import('./model/commands.ts')
      return () => Disposable.from(...registerModelCommands({
        connections: store,
        model,
        search: (of, typed) => model.search(of, typed),
        messages,
        filter: trees.filter,
        instance,
        reveal: (item, of) => trees.reveal(item, of),
        openQuery,
        insert: insertAtCursor,
      }))
    }),
    registerLater(['erpnet.entity.describe', 'erpnet.entity.generateTypes'], async () => {
      const { registerEntityCommands } = await import('./entity/commands.ts')
      return () => Disposable.from(...registerEntityCommands({ connections: store, models, documents, messages }))
    }),
    registerLater(COMPARISON, async () => {
      const { registerCompare } = await import('./compare/commands.ts')
      return () => registerCompare({ connections: store, models, documents, messages })
    }),
    registerLater(['erpnet.query.plan', 'erpnet.query.run'], async () => {
      const { registerQueryCommands } = await import('./query/commands.ts')
      const runner = await queries()
      return () => Disposable.from(...registerQueryCommands({ connections: store, runner, messages, documents, runInNotebook }))
    }),
    registerNotebooks({
      connections: store,
      messages,
      documents,
      run: async (query, options) => (await queries()).run(query, options),
      plan: async (query, of) => (await queries()).plan(query, of),
      store: results,
      tables: of => model.loadedTables(of),
    }),
    ...registerSandboxCommands({
      sandbox,
      select: id => store.select(id),
      sample: Uri.joinPath(context.extensionUri, 'samples', 'first-steps.erpnb'),
      copies: Uri.joinPath(context.globalStorageUri, 'samples', versionOf(context)),
      messages,
    }),
    registerCommand('erpnet.log.show', { interactive: () => log.show() }, messages),
  )
  void sandbox.resume()
}

function versionOf({ extension }: ExtensionContext): string {
  return String((extension.packageJSON as { version: unknown }).version)
}
