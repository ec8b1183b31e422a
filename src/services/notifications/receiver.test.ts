import { expect, it } from 'vitest'
import { receiverAt } from './receiver.ts'

it('is told by host and path, for two paths may lead to two programs, and not by what a query says', () => {
  expect(receiverAt('https://Hooks.example:443/a/b?key=secret-word#c')).toBe('https://hooks.example/a/b')
  expect(receiverAt('https://hooks.example/a')).not.toBe(receiverAt('https://hooks.example/b'))
  expect(receiverAt('https://user:secret-word@hooks.example/a')).toBe('https://hooks.example/a')
})

it('has a name of 300 characters at most, another for each long path', () => {
  const long = `https://hooks.example/${'x'.repeat(400)}`
  const [one, other] = [receiverAt(`${long}/1`), receiverAt(`${long}/2`)]
  expect(one).toHaveLength(300)
  expect(other).toHaveLength(300)
  expect(one).not.toBe(other)
  expect(receiverAt(`${long}/1`)).toBe(one)
})

it('is named by what is no URL as it stands', () => {
  expect(receiverAt('nonsense')).toBe('nonsense')
})
