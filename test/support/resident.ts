import { readFileSync, writeFileSync } from 'node:fs'

const statusMb = (pid: number, name: 'VmRSS' | 'VmHWM'): number => {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(found?.[1]) / 1024
}

/** Resident memory of a process in MB. */
export const residentMb = (pid: number): number => statusMb(pid, 'VmRSS')

/** The same at its highest since the process began, or since `forgetPeak`. */
export const peakMb = (pid: number): number => statusMb(pid, 'VmHWM')

/** From now on `peakMb` tells of what comes (proc_pid_clear_refs(5), 5). */
export const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5')
