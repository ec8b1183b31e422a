// Documents of what an element answers: Swagger 2.0, as clients of Cloud Elements read it, and OpenAPI 3.1.
// Pure functions over elements; no instance, no HTTP, no database.
import type { Element } from '#src/element/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { writeOpenApi } from './openapi.ts'
import type { DocsOptions } from './options.ts'
import { mergeOutlines, outlineOfElement, outlineOfObject } from './outline.ts'
import { writeSwagger } from './swagger.ts'

export type { DocsOptions } from './options.ts'

/**
 * All paths of an element, without the hub (spec/behaviour.md 9).
 * @throws AppError `bad-request` on `baseUrl`, `not-found` on `operationId`.
 */
export const swaggerOf = (element: Element, options: DocsOptions = {}): JsonObject =>
  writeSwagger(outlineOfElement(element), options)

/** The same in OpenAPI 3.1. @throws as `swaggerOf`. */
export const openApiOf = (element: Element, options: DocsOptions = {}): JsonObject =>
  writeOpenApi(outlineOfElement(element), options)

/** The paths of one object of an element. @throws AppError also `not-found` for the object. */
export const swaggerOfObject = (
  element: Element,
  resourceName: string,
  options: DocsOptions = {},
): JsonObject => writeSwagger(outlineOfObject(element, resourceName), options)

/** Several elements in one document, say those of a hub. @throws as `swaggerOf`. */
export const swaggerOfAll = (
  title: string,
  elements: readonly Element[],
  options: DocsOptions = {},
): JsonObject => writeSwagger(mergeOutlines(title, elements.map(outlineOfElement)), options)
