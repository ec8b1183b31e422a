import { connect as openSocket } from 'node:net'
import { configuration, given, type PlantedStage } from './planted-stage.ts'

/** Secrets where they do not belong: in paths, queries, headers and bodies. */
export const malformed = async (stage: PlantedStage): Promise<void> => {
  const { product, vendor, own, say, owner, onHub, reports } = stage
  const { user, organization } = product.admin
  for (const secret of [
    user,
    organization,
    own.token,
    own.bearer,
    vendor.seen().find((one) => one.startsWith('eyJ')),
  ]) {
    const part = encodeURIComponent(secret ?? '')
    for (const path of [
      `/instances/${part}`,
      `/${part}`,
      `/reports/${part}`,
      `/usage/${part}`,
      `/users/${part}/x`,
    ]) {
      await say(path, { headers: { ...owner(), ...onHub() } })
      await say(path, { headers: onHub() })
      await say(path)
    }
    await say(`/elements/concur/instances/${secret}`, { headers: owner() })
  }
  await say(`/elements/concur/oauth/url?apiSecret=${given.queryKey}&token=${own.token}`, { headers: owner() })
  await say(`/instances?pageSize=${given.queryKey}&nextPage=${given.queryKey}`, { headers: owner() })
  await reports({ where: `Name = '${given.queryValue}'` })
  await reports({ where: `Nmae = '${given.queryValue}'` })
  await reports({ where: `Name ~ '${given.queryValue}'`, fields: 'Name' })
  await reports({ pageSize: '1', where: `Name != '${given.queryValue}'` })
  for (const authorization of [
    `User ${user}, Secret ${given.headerToken}`,
    `User ${user}, User ${given.headerToken}`,
    `Basic ${Buffer.from(`me:${given.basicPassword}`).toString('base64')}`,
    `User ${given.headerToken}, Organization ${organization}`,
    `User ${user}, Element ${given.headerToken}`,
    given.headerToken,
  ]) {
    const headers = { authorization, cookie: `session=${given.cookie}`, 'x-api-key': given.headerToken }
    await say('/instances', { headers })
    await say('/reports', { headers })
    await say(`/instances/${given.headerToken}`, { headers })
  }
  const bodies: readonly (string | object)[] = [
    `{"configuration": {"password": "${given.badJson}" "x"}`,
    `{"password": "${given.badJson}`,
    given.badJson,
    { name: 7, configuration: [given.badJson], element: given.badJson },
    { element: { key: given.apiSecret }, name: 'x', configuration, providerData: { code: given.wrongCode } },
    { element: { key: 'concur' }, name: 'x', configuration: { 'oauth.api.secret': { deep: given.badJson } } },
    { username: { password: given.badJson }, password: [given.badJson] },
  ]
  for (const body of bodies) {
    await say('/instances', { headers: owner(), body })
    await say('/authentication', { body })
    await say('/reports', { headers: onHub(), body })
    await say(`/instances/${own.instanceId}`, { method: 'PATCH', headers: owner(), body })
  }
}

/** Bytes that are no HTTP, or nearly. */
export const onTheWire = async (stage: PlantedStage): Promise<void> => {
  const { product, heard } = stage
  const { port } = new URL(product.url)
  for (const text of [
    `GET /elements/api-v2/instances?x=${given.wireBytes} HTTP/9.9\r\nAuthorization: ${given.wireBytes}\r\n\r\n`,
    `${given.wireBytes} / HTTP/1.1\r\nHost: x\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\n${given.wireBytes}\r\n\r\n`,
    `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${given.wireBytes}\r\n\r\n`,
  ]) {
    const body = await new Promise<string>((resolve, reject) => {
      const chunks: Buffer[] = []
      const socket = openSocket(Number(port), '127.0.0.1', () => socket.end(text))
      socket.on('data', (chunk) => chunks.push(chunk))
      socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')))
      socket.on('error', reject)
    })
    heard.push({ call: 'WIRE / 400', status: 400, head: '', body })
  }
}
