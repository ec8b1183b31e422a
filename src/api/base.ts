/** Where the API lives. */
export const apiBase = '/elements/api-v2'
