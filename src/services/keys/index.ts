// The encryption keys in use: what each of them still opens, and the rotation that seals all under the first.
// Where the keys come from is not its matter; nothing opened here leaves the room.
export { createKeyRotation, type Rotation, type RotationEnd } from './rotation.ts'
