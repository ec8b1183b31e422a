import { Anchor, Modal, Table } from '@mantine/core'
import { Fragment, useState } from 'react'
import type { Row } from '../../api/shapes.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Sideways } from '../../ui/Sideways.tsx'

const mostColumns = 6

const isShort = (value: unknown): boolean =>
  value === null ||
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && value.length <= 60 && !/^https?:/.test(value))

/** The columns that were asked for by name; else those that fit: plain values, in the order of the first rows, none that only repeats another. */
const columnsOf = (rows: readonly Row[], asked: readonly string[]): readonly string[] => {
  const names = [...new Set(rows.slice(0, 20).flatMap((row) => Object.keys(row)))]
  const wanted = asked.filter((name) => names.includes(name))
  if (wanted.length > 0) return wanted
  const plain = names.filter((name) => rows.every((row) => row[name] === undefined || isShort(row[name])))
  const repeats = (name: string): boolean =>
    plain.some((other) => other !== name && rows.every((row) => row[other] === row[name]))
  return plain.filter((name) => name !== 'id' || !repeats(name)).slice(0, mostColumns)
}

const shown = (value: unknown): string => {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value)
}

/** A field's name, which a narrow screen breaks between its words. */
const Words = ({ of }: { readonly of: string }) =>
  of.split(/(?<=[a-z\d])(?=[A-Z])/).map((word, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: words of a name stay in their places
    <Fragment key={at}>
      {at === 0 ? null : <wbr />}
      {word}
    </Fragment>
  ))

const Record = ({ row }: { readonly row: Row }) => (
  <>
    <CopyButton what="the record as JSON" text={JSON.stringify(row, null, 2)}>
      Copy JSON
    </CopyButton>
    <Table variant="vertical" layout="fixed" mt="sm">
      <Table.Tbody>
        {Object.entries(row).map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" className="breaks" w="40%" style={{ verticalAlign: 'top' }}>
              <Words of={name} />
            </Table.Th>
            <Table.Td className="breaks" style={{ whiteSpace: 'pre-wrap' }}>
              {shown(value)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </>
)

/** Rows as a table; the first column opens the whole record. */
export const RowTable = ({
  rows,
  asked,
}: {
  readonly rows: readonly Row[]
  /** Names of fields that somebody asked for. */
  readonly asked: readonly string[]
}) => {
  const [open, setOpen] = useState<Row>()
  const columns = columnsOf(rows, asked)
  const [first = 'record'] = columns
  return (
    <>
      <Sideways label="Rows, a table">
        <Table verticalSpacing="xs" striped style={{ whiteSpace: 'nowrap' }}>
          <Table.Thead>
            <Table.Tr>
              {(columns.length === 0 ? [first] : columns).map((name) => (
                <Table.Th key={name}>{name}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a page stay in their places
              <Table.Tr key={at}>
                <Table.Td>
                  <Anchor
                    component="button"
                    type="button"
                    size="sm"
                    underline="always"
                    onClick={() => setOpen(row)}
                  >
                    {shown(row[first]) || `record ${at + 1}`}
                  </Anchor>
                </Table.Td>
                {columns.slice(1).map((name) => (
                  <Table.Td key={name}>{shown(row[name])}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Sideways>
      <Modal
        opened={open !== undefined}
        onClose={() => setOpen(undefined)}
        title="Record"
        size="lg"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {open === undefined ? null : <Record row={open} />}
      </Modal>
    </>
  )
}
