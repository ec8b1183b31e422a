import type { ConfigField } from '#src/element/index.ts'

/** Configuration keys of an instance. */
export const webdavConfig: readonly ConfigField[] = [
  {
    key: 'base.url',
    label: 'WebDAV address',
    kind: 'text',
    required: true,
    description:
      'Where the files begin, such as https://cloud.example.com/remote.php/dav/files/anna of a Nextcloud.',
  },
  {
    key: 'username',
    label: 'User name',
    kind: 'text',
    required: true,
    description: 'Who logs in at the server.',
  },
  {
    key: 'password',
    label: 'Password',
    kind: 'secret',
    required: true,
    description: 'The password, or better an app password of the user.',
  },
]
