/** The bytes of JSON text, by name. */

export const quote = 0x22
export const backslash = 0x5c
export const letterU = 0x75
export const comma = 0x2c
export const colon = 0x3a
export const openObject = 0x7b
export const closeObject = 0x7d
export const openArray = 0x5b
export const closeArray = 0x5d
export const point = 0x2e
export const digitZero = 0x30
export const digitNine = 0x39

/** 1: may follow a backslash (RFC 8259 section 7), `u` apart. */
export const escapable = new Uint8Array(256)
for (const char of '"\\/bfnrt') escapable[char.charCodeAt(0)] = 1
export const hex = new Uint8Array(256)
for (const char of '0123456789abcdefABCDEF') hex[char.charCodeAt(0)] = 1
/** 1: ends a number or a word. */
export const ends = new Uint8Array(256)
for (const char of ' \t\n\r,]}') ends[char.charCodeAt(0)] = 1

export const plainNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
export const wholeNumber = /^(?:0|-?[1-9]\d{0,14})$/
export const wordTrue: Uint8Array = Buffer.from('true')
export const wordFalse: Uint8Array = Buffer.from('false')
export const wordNull: Uint8Array = Buffer.from('null')

export const blanks = new Uint8Array(256)
for (const char of ' \t\n\r') blanks[char.charCodeAt(0)] = 1

/** 1: ends a string, begins an escape, or may not stand in a string. */
export const inString = new Uint8Array(256).fill(1, 0, 0x20)
for (const char of '"\\') inString[char.charCodeAt(0)] = 1
