import { type Disposable, l10n, type QuickInputButton, type QuickPickItem, ThemeIcon, window } from 'vscode'
import { asErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { FoundItem } from '../../core/model/search/searchIndex.ts'
import { wordsFor } from '../platform/words.ts'

export type SearchModel = (connection: Connection, typed: string) => Promise<readonly FoundItem[]>

/** Something that can be done with an item without leaving the list. */
export interface SearchAction {
  readonly icon: string
  readonly tooltip: string
  readonly run: (item: FoundItem) => unknown
}

interface Choice extends QuickPickItem {
  readonly item?: FoundItem
}

export interface SearchPickOptions {
  readonly connection: Connection
  readonly search: SearchModel
  readonly title: string
  readonly actions?: readonly SearchAction[]
}

const ICONS: Readonly<Record<FoundItem['kind'], string>> = {
  entity: 'symbol-class', table: 'table', attribute: 'symbol-field', reference: 'references', collection: 'list-tree',
  column: 'symbol-key', enumValue: 'symbol-enum-member',
}

/** Lets a person find something in the model by typing; undefined where they left it. */
export function pickModelItem({ connection, search, title, actions = [] }: SearchPickOptions): Promise<FoundItem | undefined> {
  const pick = window.createQuickPick<Choice>()
  pick.title = title
  pick.placeholder = l10n.t('Entity, table, attribute, column or value; in English or Bulgarian')
  // They come ranked already. The property is there in every VS Code, though not in its published types.
  Object.assign(pick, { sortByLabel: false })
  const buttons = new Map<QuickInputButton, SearchAction>(
    actions.map(action => [{ iconPath: new ThemeIcon(action.icon), tooltip: action.tooltip }, action]),
  )
  let asked = 0
  const show = async (): Promise<void> => {
    const turn = ++asked
    pick.busy = true
    const items = await search(connection, pick.value).then(
      found => found.map(item => choice(item, [...buttons.keys()])),
      (error: unknown) => [failure(error)],
    )
    if (turn !== asked) return
    pick.items = items
    pick.busy = false
  }
  return new Promise(resolve => {
    const listening: Disposable[] = [
      pick.onDidChangeValue(() => void show()),
      pick.onDidTriggerItemButton(({ button, item: { item } }) => {
        if (item !== undefined) buttons.get(button)?.run(item)
        pick.hide()
      }),
      pick.onDidAccept(() => {
        const item = pick.activeItems[0]?.item
        if (item === undefined) return
        resolve(item)
        pick.hide()
      }),
      pick.onDidHide(() => {
        asked++
        resolve(undefined)
        for (const each of listening) each.dispose()
        pick.dispose()
      }),
    ]
    pick.show()
    void show()
  })
}

function failure(error: unknown): Choice {
  const { title, cure } = wordsFor(asErpError(error))
  return { label: `$(warning) ${title}`, ...(cure === undefined ? {} : { detail: cure }), alwaysShow: true }
}

function choice(item: FoundItem, buttons: readonly QuickInputButton[]): Choice {
  const { kind, name, container, label } = item
  return {
    label: `$(${ICONS[kind]}) ${name}`,
    description: [container, label === name ? undefined : label].filter(part => part !== undefined && part !== '').join(' · '),
    // the list of VS Code must not filter what was found by another name
    alwaysShow: true,
    buttons,
    item,
  }
}
