// The front door: reads the environment, builds every room by hand, starts and stops in order.
// The only room that imports elements.
export { runCommand } from './cli.ts'
