import { runProgram } from '../parts/program.ts'
import { optionsIn } from './flags.ts'
import { startSandbox } from './server.ts'

await runProgram('Concur sandbox', optionsIn, startSandbox)
