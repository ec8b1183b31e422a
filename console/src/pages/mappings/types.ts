const known = ['string', 'number', 'boolean', 'date', 'object', 'array']

/** The types of fields, and one besides that a field may have. */
export const typeChoices = (own: string): string[] => (known.includes(own) ? known : [...known, own])
