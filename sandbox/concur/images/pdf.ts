import type { Piece } from './upload.ts'

/** Small PDF files: a page of text, and a binder that holds several images as they are. */
export type Segment = Buffer | Piece
export const lengthOf = (segment: Segment): number => segment.length

/** Puts numbered objects together with the table of where each begins. */
const assemble = (objects: readonly (readonly Segment[])[]): Segment[] => {
  const head = Buffer.from('%PDF-1.7\n')
  const segments: Segment[] = [head]
  const offsets: number[] = []
  let at = head.length
  const add = (segment: Segment) => {
    segments.push(segment)
    at += lengthOf(segment)
  }
  for (const [number, parts] of objects.entries()) {
    offsets.push(at)
    add(Buffer.from(`${String(number + 1)} 0 obj\n`))
    for (const part of parts) add(part)
    add(Buffer.from('\nendobj\n'))
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = String(objects.length + 1)
  add(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${String(at)}\n%%EOF\n`,
    ),
  )
  return segments
}

const text = (content: string): Segment[] => [Buffer.from(content)]
const escaped = (line: string): string => line.replace(/[^\x20-\x7e]/g, '?').replace(/[()\\]/g, '\\$&')

/** One page with lines of text. */
export const pageOfText = (lines: readonly string[]): Buffer => {
  const content = `BT /F1 14 Tf 72 720 Td 20 TL ${lines.map((line) => `(${escaped(line)}) Tj T*`).join(' ')} ET`
  const segments = assemble([
    text('<< /Type /Catalog /Pages 2 0 R >>'),
    text('<< /Type /Pages /Kids [3 0 R] /Count 1 >>'),
    text(
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    ),
    text(`<< /Length ${String(content.length)} >>\nstream\n${content}\nendstream`),
    text('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'),
  ])
  return Buffer.concat(segments as Buffer[])
}

/** A binder with an empty page a piece, in which each piece is an attached file, byte by byte as it came. */
export const binderOf = (pieces: readonly Segment[]): Segment[] => {
  const firstPage = 3
  const firstFile = firstPage + pieces.length
  const pages = pieces.map((_, at) => `${String(firstPage + at)} 0 R`).join(' ')
  const names = pieces.map((_, at) => `(page${String(at + 1)}) ${String(firstFile + 2 * at)} 0 R`).join(' ')
  return assemble([
    text(`<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [${names}] >> >> >>`),
    text(`<< /Type /Pages /Kids [${pages}] /Count ${String(pieces.length)} >>`),
    ...pieces.map(() => text('<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>')),
    ...pieces.flatMap((piece, at) => [
      text(
        `<< /Type /Filespec /F (page${String(at + 1)}) /EF << /F ${String(firstFile + 2 * at + 1)} 0 R >> >>`,
      ),
      [
        Buffer.from(`<< /Type /EmbeddedFile /Length ${String(lengthOf(piece))} >>\nstream\n`),
        piece,
        Buffer.from('\nendstream'),
      ],
    ]),
  ])
}
