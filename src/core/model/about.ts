/** Which model of an instance it is. */
export interface ModelAbout {
  /** As the instance tells it (`/tools/ver`): `26.2.0.76`. */
  readonly version?: string
  /** The language that was asked for; texts that the instance lacks in it are English. */
  readonly language: string
  /**
   * `current`: with all that the instance has of its own. `standard`: without it, as everybody may see it.
   * `metadata`: what an older instance tells, without labels, filters and columns.
   */
  readonly kind: 'current' | 'standard' | 'metadata'
}
