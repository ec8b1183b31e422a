/** Of a field that takes a name or an expression: nothing may improve it. */
export const asTyped = { autoCapitalize: 'none', autoComplete: 'off', spellCheck: false } as const
