#!/usr/bin/env node
import { runCommand } from '#src/main/index.ts'

await runCommand(process.argv.slice(2))
