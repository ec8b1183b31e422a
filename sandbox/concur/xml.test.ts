import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Client, type Json, openClient, readLike } from './test-client.ts'
import { readXml } from './xml-read.ts'

const reports = '/api/v3.0/expense/reports'
const entries = '/api/v3.0/expense/entries'

describe('XML and JSON on v3 of the sandbox', () => {
  let client: Client
  let token: string
  beforeAll(async () => {
    client = await openClient({ reports: 80 })
    token = await client.token()
  })
  afterAll(() => client.close())

  const ask = (path: string, accept: string, bearer = token): Promise<Answer> =>
    client.call('GET', path, { headers: { authorization: `Bearer ${bearer}`, accept } })
  const send = (method: string, path: string, body: string, type = 'application/xml', accept = '*/*') =>
    client.call(method, path, {
      body: Buffer.from(body),
      headers: { authorization: `Bearer ${token}`, 'content-type': type, accept },
    })
  const message = (answer: Answer): string => String((answer.json['Error'] as Json)['Message'])

  it.each([
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    ['application/xml', 'application/xml'],
    ['TEXT/XML', 'text/xml'],
    ['text/*', 'text/xml'],
    ['application/*', 'application/json'],
    ['application/xml, application/json', 'application/json'],
    ['application/json;q=0.2, application/xml;q=0.9', 'application/xml'],
    ['application/xml;q=0.2, */*;q=0.1', 'application/xml'],
    ['application/json;q=0, */*', 'application/xml'],
    ['application/xml;q=2, application/json;q=0.001', 'application/json'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'application/xml'],
    ['image/png', 'application/json'],
    [';;,,q=1', 'application/json'],
  ])('answers Accept: %s in %s', async (accept, type) => {
    const answer = await ask(`${reports}?limit=1`, accept)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`])
  })

  it.each([
    [reports, 'Reports', 'Report'],
    [entries, 'Entries', 'Entry'],
  ])('walks %s in XML as in JSON, with the same rows under the names of v3', async (path, root, item) => {
    let next: unknown = `${path}?user=ALL&limit=30`
    let rows = 0
    for (let pages = 0; next !== null; pages += 1) {
      const plain = (await ask(String(next), 'application/json')).json
      const xml = (await ask(String(next), 'application/xml')).text
      expect(xml.startsWith('<?xml version="1.0" encoding="utf-8"?>')).toBe(true)
      expect(readLike(xml, plain)).toEqual({ root, value: plain })
      const items = readXml(xml).children[0]
      expect(new Set(items?.children.map((child) => child.name))).toEqual(new Set([item]))
      rows += items?.children.length ?? 0
      next = plain['NextPage']
      expect(pages).toBeLessThan(20)
    }
    expect(rows).toBeGreaterThan(79)
  })

  it('writes an empty list, and null as nil', async () => {
    const empty = await ask(`${reports}?user=ALL&batchID=none`, 'application/xml')
    expect(empty.text).toContain('<Items></Items><NextPage i:nil="true"/></Reports>')
    expect(empty.text).toContain('<Reports xmlns:i="http://www.w3.org/2001/XMLSchema-instance">')
  })

  it('creates, changes and reads a report in XML alone', async () => {
    const body = `<?xml version="1.0" encoding="UTF-8"?>
<!-- a report --><Report xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <Name>R&amp;D &#x2014; <![CDATA[<March>]]></Name>
  <OrgUnit1>SLS</OrgUnit1><Custom3>x</Custom3><Custom4/><Custom5 xsi:nil="1"></Custom5><Total xsi:nil="true"/>
  <Unknown><Deep/></Unknown>
</Report>`
    const made = await send('POST', reports, body, 'application/xml; charset="utf-8"', 'text/xml')
    expect([made.status, made.headers.get('content-type')]).toEqual([200, 'text/xml; charset=utf-8'])
    const { root, value } = readLike(made.text, { ID: '', URI: '' })
    expect(root).toBe('CreateResponse')
    const uri = String((value as Json)['URI'])
    const row = (await client.get(uri, token)).json
    expect(row).toMatchObject({
      ...{ ID: (value as Json)['ID'], Name: 'R&D — <March>', Total: 0, Custom4: null, Custom5: null },
      Custom3: { Type: 'Text', Value: 'x', Code: null, ListItemID: null },
      OrgUnit1: { Type: 'ConnectedList', Value: 'Sales', Code: 'SLS' },
    })
    expect(readLike((await ask(uri, 'application/xml')).text, row)).toEqual({ root: 'Report', value: row })

    const changed = await send('PUT', uri, '<Report><Name>Renamed</Name></Report>', 'text/xml')
    expect([changed.status, changed.text]).toEqual([204, ''])
    expect((await client.get(uri, token)).json).toMatchObject({ Name: 'Renamed', Custom3: { Value: 'x' } })
  })

  const entry = (more: string): string =>
    `<Entry><ReportID>4F0A77</ReportID><ExpenseTypeCode>PCARMILE</ExpenseTypeCode><PaymentTypeID>pt$01</PaymentTypeID>
    <TransactionCurrencyCode>EUR</TransactionCurrencyCode><TransactionDate>2026-03-04</TransactionDate>${more}</Entry>`

  it('reads numbers, booleans and a journey of an entry', async () => {
    const journey =
      '<StartLocation>A</StartLocation><EndLocation>B</EndLocation><UnitOfMeasure>K</UnitOfMeasure>'
    const made = await send(
      'POST',
      entries,
      entry(`<TransactionAmount> 37.50 </TransactionAmount><IsBillable>1</IsBillable><IsPersonal>false</IsPersonal>
        <Journey>${journey}<BusinessDistance>1.2e1</BusinessDistance></Journey>`),
    )
    expect(made.status, made.text).toBe(200)
    const uri = String(made.json['URI'])
    const row = (await client.get(uri, token)).json
    expect(row).toMatchObject({ TransactionAmount: 37.5, IsBillable: true, IsPersonal: false })
    expect(row['Journey']).toMatchObject({ UnitOfMeasure: 'K', BusinessDistance: 12, VehicleID: null })
    expect(readLike((await ask(uri, 'text/xml')).text, row)).toEqual({ root: 'Entry', value: row })
    await send('PUT', uri, '<Entry><IsBillable>false</IsBillable></Entry>')
    expect((await client.get(uri, token)).json).toMatchObject({ IsBillable: false, TransactionAmount: 37.5 })
  })

  it.each([
    ['<TransactionAmount>0x10</TransactionAmount>', 'TransactionAmount'],
    ['<TransactionAmount/>', 'TransactionAmount'],
    ['<TransactionAmount>1</TransactionAmount><IsBillable>yes</IsBillable>', 'IsBillable'],
    ['<TransactionAmount>1</TransactionAmount><PostedAmount>1</PostedAmount>', 'PostedAmount'],
    ['<TransactionAmount>1</TransactionAmount><Custom1><Value>x</Value></Custom1>', 'Custom1'],
  ])('refuses an entry with %s and names the field', async (more, field) => {
    const answer = await send('POST', entries, entry(more))
    expect(answer.status).toBe(400)
    expect(message(answer)).toContain(field)
  })

  const nest = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth)
  it.each([
    ['', 'root element'],
    ['<Report>', 'does not end'],
    ['<Report></Reports>', 'closes nothing'],
    ['<Report/><Report/>', 'second root'],
    ['x<Report/>', 'outside'],
    ['<!DOCTYPE Report><Report/>', 'document type'],
    ['<!DOCTYPE Report [<!ENTITY a "b">]><Report><Name>&a;</Name></Report>', 'document type'],
    ['<Report><!ENTITY a "b"></Report>', 'document type'],
    ['<Report><Name>&nbsp;</Name></Report>', 'entity'],
    ['<Report><Name>a & b</Name></Report>', 'entity'],
    ['<Report><Name>&#0;</Name></Report>', 'character'],
    ['<Report><Name>&#xD800;</Name></Report>', 'character'],
    ['<Report><Name>&#x110000;</Name></Report>', 'character'],
    ['<Report><Name>\u0001</Name></Report>', 'character'],
    ['\u0001<Report/>', 'character'],
    ['<Report><Name>]]></Name></Report>', 'CDATA'],
    ['<Report><Name><![CDATA[x</Name></Report>', 'CDATA'],
    ['<Report><!-- a -- b --></Report>', 'comment'],
    ['<Report a="1" a="2"/>', 'twice'],
    ['<Report a=1/>', 'attribute'],
    ['<Report a="<"/>', 'attribute'],
    ['<Report>\n\n< Name/></Report>', 'line 3'],
    ['<?xml version="1.0" encoding="UTF-16"?><Report/>', 'UTF-8'],
    [' <?xml version="1.0"?><Report/>', 'declaration'],
    ['<Entry/>', 'Report'],
    ['<Report><Name>x</Name><Name>y</Name></Report>', 'twice'],
    ['<Report>text<Name>x</Name></Report>', 'mixes'],
    ['<Report><Name i:nil="true"/></Report>', 'prefix'],
    ['<a:Report><Name>x</Name></a:Report>', 'prefix'],
    [
      '<Report xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><Name i:nil="true">x</Name></Report>',
      'nil',
    ],
    ['<Report xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><Name i:nil="true"/></Report>', 'Name'],
    [`<Report>${nest(32)}</Report>`, '32'],
    ['<Report/>', 'Name'],
  ])('refuses %j with 400 that says %s', async (body, word) => {
    const answer = await send('POST', reports, body)
    expect(answer.status).toBe(400)
    expect(message(answer)).toContain(word)
  })

  it.each([
    '<Report xmlns="urn:x"><Name>x</Name></Report>',
    '<a:ReportPost xmlns:a="urn:x"><a:Name>x</a:Name></a:ReportPost>',
    '\ufeff<?xml version="1.0"?><?style sheet?><Report\n>\r\n<Name >x</Name\t></Report><!----> ',
    "<Report><Name a='&quot;' xml:lang='en'>x</Name></Report>",
    `<Report><Name>x</Name>${nest(31)}</Report>`,
  ])('takes %j', async (body) => {
    const made = await send('POST', reports, body)
    expect(made.status, made.text).toBe(200)
    expect((await client.get(String(made.json['URI']), token)).json['Name']).toBe('x')
  })

  it('refuses bytes that are no UTF-8, other charsets, other types and more than 1 MiB', async () => {
    const raw = (body: Buffer, type: string) =>
      client.call('POST', reports, {
        body: new Uint8Array(body),
        headers: { authorization: `Bearer ${token}`, 'content-type': type },
      })
    const latin = Buffer.from('<Report><Name>\u00e9</Name></Report>', 'latin1')
    expect((await raw(latin, 'application/xml')).status).toBe(400)
    expect((await raw(latin, 'application/xml; charset=iso-8859-1')).status).toBe(415)
    expect((await raw(latin, 'application/xmlx')).status).toBe(415)
    const large = `<Report><Name>${'x'.repeat(1024 * 1024)}</Name></Report>`
    expect((await send('POST', reports, large)).status).toBe(413)
    const user = { body: '<x/>', headers: { authorization: `Bearer ${token}`, 'content-type': 'text/xml' } }
    expect((await client.call('POST', '/profile/identity/v4.1/Users/.search', user)).status).toBe(415)
  })

  it('writes errors of v3 in XML, whoever finds them, and of others in JSON', async () => {
    const shape = { Message: '', 'Server-Time': '', Id: '' }
    const asked: [Answer, number][] = [
      [await ask(`${reports}/none`, 'application/xml'), 404],
      [await ask(`${reports}?limit=0`, 'application/xml'), 400],
      [await ask(reports, 'application/xml', 'dead'), 403],
      [await ask('/api/v3.0/expense/nothing', 'application/xml'), 404],
      [await send('DELETE', `${reports}/x`, '', 'text/xml', 'application/xml'), 405],
      [await send('POST', reports, '<', 'text/xml', 'application/xml'), 400],
    ]
    await client.faults([{ fault: 'rate-limit', times: 1, value: 3 }])
    asked.push([await ask(reports, 'application/xml'), 429])
    for (const [answer, status] of asked) {
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        status,
        'application/xml; charset=utf-8',
      ])
      const { root, value } = readLike(answer.text, shape)
      expect([root, Object.keys(value as Json)]).toEqual(['Error', Object.keys(shape)])
      expect((value as Json)['Message']).not.toBe('')
    }
    const user = await ask('/profile/identity/v4.1/Users/none', 'application/xml')
    expect([user.status, user.json['status']]).toEqual([404, '404'])
  })

  it('changes NextPage in XML too when told to', async () => {
    await client.faults([{ fault: 'foreign-next-page', value: 'evil.example', times: 1 }])
    const page = await ask(`${reports}?user=ALL&limit=1`, 'application/xml')
    expect(readXml(page.text).children.at(-1)?.text).toContain('https://evil.example/')
  })
})
