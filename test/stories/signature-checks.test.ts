import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../support/client.ts'
import { type EventWork, loopbackAllowed, openEventWork } from '../support/events.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type Received, type Receiver, startReceiver } from '../support/receiver.ts'

const page = readFileSync('docs/receive-events.md', 'utf8')
const key = 'a key with ümlaut and spaces'
const folder = mkdtempSync(join(tmpdir(), 'amalgam-signatures-'))

const block = (language: string): string => {
  const found = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page)?.[1]
  if (found === undefined) throw new Error(`no ${language} in docs/receive-events.md`)
  return found
}

/** A program that reads {key, headers, body} as JSON lines from a file and prints true or false for each. */
const programs = {
  js: {
    command: process.execPath,
    file: 'check.mjs',
    text: () => `${block('js')}
import { readFileSync } from 'node:fs'
for (const { key, headers, body } of JSON.parse(readFileSync(process.argv[2], 'utf8')))
  console.log(isGenuine(key, headers, body))
`,
  },
  python: {
    command: 'python3',
    file: 'check.py',
    text: () => `${block('python')}
import json, sys
for one in json.load(open(sys.argv[1], encoding="utf-8")):
    print("true" if is_genuine(one["key"], one["headers"], one["body"].encode()) else "false")
`,
  },
  java: {
    command: 'java',
    file: 'Check.java',
    text: () => `class Check {
${block('java')}
  public static void main(String[] args) throws Exception {
    for (var line : java.nio.file.Files.readAllLines(java.nio.file.Path.of(args[0] + ".tsv"))) {
      var part = line.split("\\t", -1);
      var decode = java.util.Base64.getDecoder();
      var headers = java.util.Map.of("webhook-id", part[1], "webhook-timestamp", part[2], "webhook-signature", part[3]);
      System.out.println(isGenuine(new String(decode.decode(part[0]), "UTF-8"), headers, decode.decode(part[4])));
    }
  }
}
`,
  },
} as const

let product: Product
let work: EventWork
let receiver: Receiver
let call: Received

beforeAll(async () => {
  product = await startProduct({ environment: loopbackAllowed })
  work = await openEventWork(product)
  receiver = await startReceiver()
  const instance = await work.connect(product.admin, {
    'event.notification.enabled': 'true',
    'event.vendor.type': 'webhook',
    'event.notification.callback.url': receiver.url,
    'event.notification.signature.key': key,
  })
  await ask(`${product.url}/events/concur/${instance.id}`, { body: { name: 'Über' } })
  const [first] = await receiver.until(1)
  if (first === undefined) throw new Error('nothing came')
  call = first
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await work?.close()
  await receiver?.close()
  await product?.close()
})

interface Case {
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const cases = (): readonly Case[] => {
  const headers = call.headers as Record<string, string>
  const good = { key, headers, body: call.text }
  return [
    good,
    { ...good, key: `${key}!` },
    { ...good, body: `${call.text} ` },
    { ...good, headers: { ...headers, 'webhook-id': 'another' } },
    { ...good, headers: { ...headers, 'webhook-timestamp': String(Math.floor(Date.now() / 1000) - 1_000) } },
    { ...good, headers: { ...headers, 'webhook-signature': 'v1,' } },
    { ...good, headers: { ...headers, 'webhook-signature': 'v1,ü' } },
    { ...good, headers: { ...headers, 'webhook-timestamp': 'soon' } },
    { ...good, headers: {} },
  ]
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

const write = (all: readonly Case[]): string => {
  const file = join(folder, 'cases.json')
  writeFileSync(file, JSON.stringify(all))
  const lines = all.map(({ key: one, headers, body }) =>
    [
      base64(one),
      ...['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers[name] ?? ''),
      base64(body),
    ].join('\t'),
  )
  writeFileSync(`${file}.tsv`, lines.join('\n'))
  return file
}

describe('the signature check of docs/receive-events.md', () => {
  it.for(Object.keys(programs) as (keyof typeof programs)[])(
    'in %s takes the genuine call alone',
    (name, { skip }) => {
      const { command, file, text } = programs[name]
      if (spawnSync(command, ['--version']).error !== undefined)
        return skip(`there is no ${command} on this machine`)
      const path = join(folder, file)
      writeFileSync(path, text())
      const printed = execFileSync(command, [path, write(cases())], { encoding: 'utf8' })
      const others = cases().slice(1)
      expect(printed.trim().split('\n')).toEqual(['true', ...others.map(() => 'false')])
    },
  )
})
