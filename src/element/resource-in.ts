import type { Element, Resource } from './element.ts'

/** The resource of that name, or of which it is another name; undefined: there is none. */
export const resourceIn = ({ resources }: Pick<Element, 'resources'>, name: string): Resource | undefined =>
  Object.hasOwn(resources, name)
    ? resources[name]
    : Object.values(resources).find(({ otherNames }) => otherNames?.includes(name))
