/** The nonce under which the server's policy lets style elements in; part of the document, another one each time. */
export const styleNonce: string =
  document.querySelector('meta[name="style-nonce"]')?.getAttribute('content') ?? ''

// Where the kit's own packages look for it.
Object.assign(globalThis, { __webpack_nonce__: styleNonce })
