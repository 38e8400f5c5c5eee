/** Colours are VS Code's own, so that every theme fits, high contrast too. */
export const STYLE = `
.erpnet-result { font-family: var(--vscode-font-family); font-size: 12px; color: var(--vscode-foreground); }
.erpnet-result .erpnet-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.erpnet-result .erpnet-scroll { max-height: 420px; overflow: auto; border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); border-radius: 3px; }
.erpnet-result .erpnet-scroll:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
.erpnet-result table { border-collapse: separate; border-spacing: 0; min-width: 100%; margin: 0; }
.erpnet-result th, .erpnet-result td { padding: 3px 10px; text-align: left; white-space: pre; max-width: 420px; overflow: hidden; text-overflow: ellipsis; border: 0; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
.erpnet-result tbody tr:last-child > * { border-bottom: 0; }
.erpnet-result thead th { position: sticky; top: 0; z-index: 1; font-weight: 600; background: var(--vscode-notebook-cellEditorBackground, var(--vscode-editor-background)); }
.erpnet-result tr > th:first-child { text-align: right; font-weight: normal; font-variant-numeric: tabular-nums; color: var(--vscode-descriptionForeground); }
.erpnet-result tbody tr:hover > * { background: var(--vscode-list-hoverBackground); }
.erpnet-result .erpnet-number { text-align: right; font-variant-numeric: tabular-nums; }
.erpnet-result .erpnet-null { color: var(--vscode-descriptionForeground); font-style: italic; }
.erpnet-result p { margin: 4px 2px 0; }
.erpnet-result p:empty { display: none; }
.erpnet-result .erpnet-status { color: var(--vscode-descriptionForeground); font-variant-numeric: tabular-nums; }
.erpnet-result .erpnet-note { padding-left: 8px; border-left: 3px solid var(--vscode-editorWarning-foreground, var(--vscode-foreground)); }
.erpnet-result .erpnet-request { margin: 2px 2px 0; color: var(--vscode-descriptionForeground); }
.erpnet-result .erpnet-request summary { cursor: pointer; width: fit-content; }
.erpnet-result .erpnet-request code { display: block; margin: 4px 0; font-family: var(--vscode-editor-font-family); overflow-wrap: anywhere; user-select: text; color: var(--vscode-foreground); }
.erpnet-error { font-family: var(--vscode-font-family); font-size: 13px; padding: 6px 12px; border-left: 3px solid var(--vscode-errorForeground); color: var(--vscode-foreground); }
.erpnet-error p { margin: 2px 0; }
.erpnet-error .erpnet-error-title { font-weight: 600; overflow-wrap: anywhere; }
.erpnet-error .erpnet-error-actions { display: flex; flex-wrap: wrap; gap: 14px; }
.erpnet-link { padding: 0; border: 0; background: none; font: inherit; color: var(--vscode-textLink-foreground); cursor: pointer; }
.erpnet-link:hover { color: var(--vscode-textLink-activeForeground); text-decoration: underline; }
.erpnet-link:focus-visible, .erpnet-request summary:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
`
