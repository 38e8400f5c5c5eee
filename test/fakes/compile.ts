import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'

const STRICT: ts.CompilerOptions = {
  strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, isolatedModules: true, erasableSyntaxOnly: true,
  noEmit: true, types: [], lib: ['lib.es2022.d.ts'], skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
}

/** What the TypeScript compiler says of files that are in memory alone, by their names; under `strict`. */
export function typeScriptErrors(files: Readonly<Record<string, string>>): string[] {
  const host = ts.createCompilerHost(STRICT)
  const onDisk = { ...host }
  const inMemory = (name: string): string | undefined => files[name.replace(/^.*\//, '')]
  host.getSourceFile = (name, options) => {
    const text = inMemory(name)
    return text === undefined ? onDisk.getSourceFile(name, options) : ts.createSourceFile(name, text, options)
  }
  host.fileExists = name => inMemory(name) !== undefined || onDisk.fileExists(name)
  host.readFile = name => inMemory(name) ?? onDisk.readFile(name)
  const program = ts.createProgram(Object.keys(files), STRICT, host)
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0
    return `${file?.fileName ?? ''}:${line + 1} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
}

/** What System.Text.Json and newer frameworks bring, which Mono's compiler doesn't know. */
const FRAMEWORK = `
namespace System { public struct DateOnly {} public struct TimeOnly {} }
namespace System.Text.Json { public struct JsonElement {} }
namespace System.Text.Json.Serialization {
  public enum JsonIgnoreCondition { WhenWritingNull }
  public enum JsonNumberHandling { AllowReadingFromString }
  public class JsonStringEnumConverter {}
  public class JsonPropertyNameAttribute : Attribute { public JsonPropertyNameAttribute(string name) {} }
  public class JsonNumberHandlingAttribute : Attribute { public JsonNumberHandlingAttribute(JsonNumberHandling handling) {} }
  public class JsonConverterAttribute : Attribute { public JsonConverterAttribute(Type type) {} }
  public class JsonStringEnumMemberNameAttribute : Attribute { public JsonStringEnumMemberNameAttribute(string name) {} }
  public class JsonIgnoreAttribute : Attribute { public JsonIgnoreCondition Condition { get; set; } }
}`

const VALUES = 'bool byte sbyte short int long decimal double float Guid DateOnly DateTimeOffset TimeOnly JsonElement'.split(' ')

/** Is there a C# compiler: Mono's, of the Debian package `mono-mcs`? */
export function hasCSharp(): boolean {
  return spawnSync('mcs', ['--version']).status === 0
}

/** What it says of a text. It knows C# 7 alone: nullable references and namespaces without braces are taken out first. */
export function cSharpErrors(text: string): string[] {
  const values = new Set([...VALUES, ...[...text.matchAll(/public enum (\S+)/g)].map(([, name = '']) => name)])
  const older = text
    .replace('#nullable enable', '').replace('namespace ErpNet;', 'namespace ErpNet {').replace('<string, string?>', '<string, string>')
    .replaceAll(/^ {4}public (\S+)\? /gm, (_, type: string) => `    public ${type}${values.has(type) ? '?' : ''} `)
  const folder = mkdtempSync(join(tmpdir(), 'erpnet-cs-'))
  try {
    writeFileSync(join(folder, 'types.cs'), `${older}}`)
    writeFileSync(join(folder, 'framework.cs'), FRAMEWORK.replaceAll(': Attribute', ': System.Attribute').replaceAll('(Type type)', '(System.Type type)'))
    const { stdout, stderr } = spawnSync('mcs', ['-target:library', '-out:types.dll', 'types.cs', 'framework.cs'], { cwd: folder, encoding: 'utf8' })
    return `${stdout}${stderr}`.split('\n').filter(line => line.includes('error'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
