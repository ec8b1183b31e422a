// WebDAV (RFC 4918): files and folders of Nextcloud, ownCloud, Apache and others. What differs is told in README.md.
import type { Element } from '#src/element/index.ts'
import { webdavConfig } from './config.ts'
import { entryOf } from './dav.ts'
import { webdavErrors, webdavErrorWords } from './errors.ts'
import { paths } from './paths.ts'
import { files } from './resources/entries.ts'
import { webdavSites } from './sites.ts'

export const webdav = (): Element => ({
  key: 'webdav',
  id: 5002,
  formerIds: [],
  hub: 'documents',
  title: 'WebDAV',
  description: 'Files and folders of any WebDAV server, such as Nextcloud, ownCloud or Apache.',
  documentationUrl: 'https://www.rfc-editor.org/rfc/rfc4918',
  features: {
    transformations: true,
    bulkDownload: true,
    bulkUpload: false,
    events: ['polling'],
    authentication: ['Name and password (RFC 7617)'],
  },
  config: webdavConfig,
  auth: [
    {
      kind: 'basic',
      type: 'basic',
      title: 'Name and password',
      principal: 'user',
      about: 'Calls see and change what the user may.',
      who: 'Whoever has a user at the server.',
      usernameKey: 'username',
      passwordKey: 'password',
      steps: [
        'At a Nextcloud: open Personal settings, Security, and make an app password.',
        'Enter the WebDAV address, the user name and that password; calls work from then on.',
      ],
    },
  ],
  vendor: {
    ...webdavSites,
    correlationHeader: 'x-request-id',
    headers: {},
  },
  errors: webdavErrors,
  errorWords: [],
  xmlErrorWords: webdavErrorWords,
  resources: { files },
  paths,
  // A wrong password or address is told where it is entered.
  verify: async (port) => {
    await entryOf(port, '/', 'folder')
    return {}
  },
  connect: {
    siteField: 'base.url',
    sites: [],
    limits: [
      'WebDAV has no ids: an id is made of the path, and changes when a file is moved.',
      'A server lists one folder at a time, so that a search or a poll walks through all of them.',
      'There are no revisions, tags and public links.',
      'A file of at most 1 GB is taken at once, and has to come and go within VENDOR_TIMEOUT_SECONDS.',
    ],
  },
})
