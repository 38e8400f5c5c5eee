import { type Disposable, env, workspace } from 'vscode'

const SETTING = 'model.language'

/** In which language names and descriptions of models are asked for: the setting, else the editor's own. */
export function modelLanguage(): string {
  const chosen = workspace.getConfiguration('erpnet').get(SETTING, '').trim()
  return (chosen === '' ? env.language : chosen).toLowerCase()
}

export function onModelLanguageChange(changed: () => void): Disposable {
  return workspace.onDidChangeConfiguration(event => {
    if (event.affectsConfiguration(`erpnet.${SETTING}`)) changed()
  })
}
