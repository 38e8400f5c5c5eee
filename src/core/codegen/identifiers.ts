/** Gives names that others chose a form that a language takes, each only once. */
export class Identifiers {
  readonly #taken: Set<string>
  readonly #reserved: ReadonlySet<string>

  /** @param reserved words that mean something else; @param taken names that are in use already */
  constructor(reserved: ReadonlySet<string>, taken: Iterable<string> = []) {
    this.#reserved = reserved
    this.#taken = new Set(taken)
  }

  /** `Eco.Label` is `Eco_Label`, and `Eco_Label_2` where that is taken. The same calls give the same names. */
  add(name: string): string {
    const safe = this.#safe(name)
    let unique = safe
    for (let number = 2; this.#taken.has(unique); number++) unique = `${safe}_${number}`
    this.#taken.add(unique)
    return unique
  }

  #safe(name: string): string {
    const letters = name.normalize('NFC').replaceAll(/[^\p{L}\p{Nl}\p{Nd}_]/gu, '_')
    const begun = letters === '' || /^\p{Nd}/u.test(letters) ? `_${letters}` : letters
    return this.#reserved.has(begun) ? `${begun}_` : begun
  }
}

export const TYPESCRIPT_WORDS: ReadonlySet<string> = new Set(`
  any as async await bigint boolean break case catch class const constructor continue debugger declare default delete do
  else enum export extends false finally for from function get if implements import in infer instanceof interface is keyof
  let module namespace never new null number object of package private protected public readonly require return set
  static string super switch symbol this throw true try type typeof undefined unique unknown var void while with yield
  Partial Readonly arguments eval`.trim().split(/\s+/))

export const CSHARP_WORDS: ReadonlySet<string> = new Set(`
  abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else
  enum event explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock
  long namespace new null object operator out override params private protected public readonly ref return sbyte sealed
  short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using
  virtual void volatile while record required file scoped var dynamic nint nuint field
  Equals GetHashCode GetType ToString MemberwiseClone ReferenceEquals Finalize
  System Guid DateTimeOffset DateOnly TimeOnly TimeSpan List Dictionary JsonElement
  JsonPropertyName JsonIgnore JsonConverter JsonStringEnumConverter JsonStringEnumMemberName JsonIgnoreCondition`.trim().split(/\s+/))
