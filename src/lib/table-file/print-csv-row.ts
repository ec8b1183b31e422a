/** The other delimiters too, so that a header tells the one that it is parted by. */
const needsQuotes = /["\r\n,;\t|]|^[\ufeff\s]|\s$/

/**
 * One row of a CSV file as RFC 4180 has it, but for its line end, a line feed alone, as old clients split on. Cells come
 * back as they were: nothing is put before `=`, `+`, `-` or `@`, which a spreadsheet may take for a formula.
 *
 * @param cells absent ones are empty. @param delimiter one character.
 */
export const printCsvRow = (cells: readonly (string | undefined)[], delimiter = ','): string => {
  // Nothing at all would be a blank line, which readers pass over.
  if (cells.length === 1 && (cells[0] ?? '') === '') return '""\n'
  return `${cells.map((cell) => printCell(cell ?? '', delimiter)).join(delimiter)}\n`
}

const printCell = (cell: string, delimiter: string): string =>
  needsQuotes.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell
