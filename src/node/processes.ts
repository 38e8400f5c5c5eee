/** Whether a process of this machine is there, whoever it belongs to. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // it is there, but somebody else's
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
