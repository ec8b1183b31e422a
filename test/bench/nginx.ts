import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Started } from './processes.ts'
import { startProgram } from './processes.ts'
import { listPath } from './upstream.ts'

/** Where a package puts nginx; undefined where there is none. */
export const nginxPath = ['/usr/sbin/nginx', '/usr/local/bin/nginx', '/opt/homebrew/bin/nginx'].find((path) =>
  existsSync(path),
)

const common = (folder: string): string => `
  access_log off; server_tokens off; etag off; default_type application/json;
  keepalive_requests 100000000; keepalive_timeout 120s;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;`

const main = (folder: string, http: string): string => `
worker_processes 1; daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log warn;
events { worker_connections 4096; }
http {${common(folder)}
${http}
}
`

const proxying = (to: number, host: string): string =>
  `proxy_pass http://127.0.0.1:${to}; proxy_http_version 1.1; proxy_set_header Connection ""; ${host}`

/** Two answers as static files, and the sandbox behind all other paths. */
const vendorConfig = (folder: string, port: number, sandboxPort: number): string =>
  main(
    folder,
    `  sendfile on; open_file_cache max=10;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = ${listPath} { alias ${folder}/page.json; }
    location ^~ ${listPath}/ { root ${folder}; rewrite ^ /one.json break; }
    location = /bench/answered { stub_status; }
    location / { ${proxying(sandboxPort, 'proxy_set_header Host $http_host;')} }
  }`,
  )

/** The yardstick "nginx": passes everything on over kept connections. */
const proxyConfig = (folder: string, port: number, vendorPort: number): string =>
  main(
    folder,
    `  upstream vendor { server 127.0.0.1:${vendorPort}; keepalive 64; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    proxy_buffers 16 32k; proxy_buffer_size 16k; proxy_busy_buffers_size 64k;
    location / { proxy_pass http://vendor; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Authorization "Bearer token"; }
  }`,
  )

/** Receives callbacks: 200 for all. */
const receiverConfig = (folder: string, port: number): string =>
  main(folder, `  server { listen 127.0.0.1:${port} backlog=4096; location / { return 200; } }`)

const answers = (port: number) => async (): Promise<boolean> => {
  try {
    await fetch(`http://127.0.0.1:${port}/bench/ready`, { signal: AbortSignal.timeout(2_000) })
    return true
  } catch {
    return false
  }
}

const run = async (
  program: string,
  core: 'measured' | 'load' | 'free',
  folder: string,
  port: number,
  config: string,
): Promise<Started<undefined>> => {
  const file = join(folder, 'nginx.conf')
  await writeFile(file, config)
  return startProgram(core, program, ['-p', folder, '-c', file], answers(port))
}

export const startNginxVendor = async (
  program: string,
  parent: string,
  payload: { readonly page: string; readonly one: string },
  ports: { readonly own: number; readonly sandbox: number },
): Promise<Started<undefined>> => {
  const folder = join(parent, 'vendor')
  await mkdir(folder)
  await writeFile(join(folder, 'page.json'), payload.page)
  await writeFile(join(folder, 'one.json'), payload.one)
  return run(program, 'load', folder, ports.own, vendorConfig(folder, ports.own, ports.sandbox))
}

export const startNginxProxy = async (
  program: string,
  parent: string,
  ports: { readonly own: number; readonly vendor: number },
): Promise<Started<undefined>> => {
  const folder = join(parent, 'proxy')
  await mkdir(folder)
  return run(program, 'measured', folder, ports.own, proxyConfig(folder, ports.own, ports.vendor))
}

export const startNginxReceiver = async (
  program: string,
  parent: string,
  port: number,
): Promise<Started<undefined>> => {
  const folder = join(parent, 'receiver')
  await mkdir(folder)
  return run(program, 'free', folder, port, receiverConfig(folder, port))
}
