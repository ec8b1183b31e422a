export type LevelName = 'organization' | 'account' | 'instance'

/** Whose definitions and transformations: those of an organization, an account of it, or an instance. */
export interface LevelOwner {
  readonly organizationId: number
  readonly level: LevelName
  /** The number of the organization, account or instance. */
  readonly ownerId: number
}

/** Rows of one level, by `ownerKey`. */
export const isOwners = 'organization_id = $1 and level = $2 and owner_id = $3'

export const ownerKey = ({ organizationId, level, ownerId }: LevelOwner): readonly unknown[] => [
  organizationId,
  level,
  ownerId,
]

/** Of an organization's rows ($1) those that hold for an instance ($3): its own, its account's ($2), its organization's. */
export const holdsForInstance = `organization_id = $1 and (level = 'organization'
  or (level = 'account' and owner_id = $2) or (level = 'instance' and owner_id = $3))`

/** The order of levels from the top. */
export const fromTheTop = `array_position(array['organization', 'account', 'instance'], level), owner_id`
