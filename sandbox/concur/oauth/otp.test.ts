import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { abroadLogin } from '../people.ts'
import { type Client, type Json, openClient } from '../test-client.ts'

const app = { client_id: 'amalgam-sandbox', client_secret: 'amalgam-sandbox-secret' }
const email = 'amber.badger@sandbox.example'
const to = { channel_type: 'email', channel_handle: email }

describe('one-time passwords', () => {
  let client: Client
  beforeAll(async () => {
    client = await openClient({ reports: 20 })
  })
  afterAll(() => client.close())
  beforeEach(async () => {
    // What is open from the test before ends.
    await client.post('/sandbox/clock', { addSeconds: 901 })
  })

  const ask = (fields: Record<string, string>, place = '') =>
    client.form(`${place}/oauth2/v0/otp`, { ...app, ...fields })
  const mailed = async (): Promise<string> => {
    const letters = JSON.parse((await client.get('/sandbox/mail')).text) as Json[]
    return String(letters.at(-1)?.['otp'])
  }
  const exchange = (otp: string, fields: Record<string, string> = to, place = '') =>
    client.form(`${place}/oauth2/v0/token`, { ...app, grant_type: 'otp', otp, ...fields })

  it('are mailed and exchanged once, with every parameter of the first step', async () => {
    const facts = { ...to, invoice: '17', team: 'blue' }
    const sent = await ask({ ...facts, name: 'Ivy', link: 'https://app.example/start' })
    expect([sent.status, sent.text]).toEqual([200, '{"message":"otp sent"}'])
    const otp = await mailed()
    expect(otp).toMatch(/^\d{8}$/)
    expect((await exchange(otp)).json['code']).toBe(84)
    expect((await exchange(otp, { ...facts, team: 'red' })).json['code']).toBe(84)
    const tokens = await exchange(otp, { team: 'blue', invoice: '17', ...to, scope: 'EXPRPT' })
    expect(tokens.json).toMatchObject({ scope: 'EXPRPT', geolocation: client.url })
    const reports = '/api/v3.0/expense/reports?limit=1'
    expect((await client.get(reports, String(tokens.json['access_token']))).status).toBe(200)
    expect((await exchange(otp, facts)).json['code']).toBe(83)
    expect(JSON.stringify((await client.get('/sandbox/calls')).json)).not.toContain(otp)
  })

  it.each([
    [62, { ...to, client_id: '' }],
    [57, { channel_handle: email }],
    [58, { channel_type: 'email' }],
    [80, { ...to, channel_type: 'sms' }],
    [81, { ...to, channel_handle: 'amber' }],
    [55, { ...to, channel_handle: 'nobody@sandbox.example' }],
    [14, { ...to, channel_handle: 'locked@sandbox.example' }],
    [16, { ...to, channel_handle: abroadLogin }],
  ])('are not mailed: error %i', async (code, fields) => {
    const reply = await ask(fields as Record<string, string>)
    expect([reply.status, reply.json['code']]).toEqual([400, code])
  })

  it.each([
    [56, '', to],
    [57, '1', { channel_handle: email }],
    [58, '1', { channel_type: 'email' }],
    [80, '1', { ...to, channel_type: 'sms' }],
    [81, '1', { ...to, channel_handle: 'amber' }],
    [83, '1', to],
  ])('are not exchanged: error %i', async (code, otp, fields) => {
    expect((await exchange(otp, fields as Record<string, string>)).json['code']).toBe(code)
  })

  it('are refused when wrong (85), late (83) or too many (82), and a form is demanded (135)', async () => {
    for (let round = 0; round < 3; round += 1) expect((await ask(to)).status).toBe(200)
    expect((await ask(to)).json['code']).toBe(82)
    expect((await exchange('00000000')).json['code']).toBe(85)
    const otp = await mailed()
    await client.post('/sandbox/clock', { addSeconds: 901 })
    expect((await exchange(otp)).json['code']).toBe(83)
    expect((await ask(to)).status).toBe(200)
    expect((await client.post('/oauth2/v0/otp', to)).json['code']).toBe(135)
  })

  it('are for people of the data centre that is asked', async () => {
    const there = { ...to, channel_handle: abroadLogin }
    expect((await ask(there, '/dc/eu2')).status).toBe(200)
    const otp = await mailed()
    expect((await exchange(otp, there)).json).toMatchObject({ code: 16, geolocation: `${client.url}/dc/eu2` })
    expect((await exchange(otp, there, '/dc/eu2')).status).toBe(200)
  })
})
