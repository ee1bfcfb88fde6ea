// Stands between the portal and SLURM's commands: kills the portal at a chosen change, or answers like a cluster that is down.

import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The portal is killed instead of the change, while it is made, or once it is made and before its answer is read. */
export type Moment = 'before' | 'during' | 'after';

const REAL = '/usr/bin';
const PROGRAMS = ['sacctmgr', 'sacct', 'squeue', 'scancel', 'scontrol'];

export const refusals = {
  down: 'sacctmgr: error: slurm_persist_conn_open_without_init: failed to open persistent connection to host:localhost:6819: Connection refused',
  forbidden: ' Problem adding accounts: Access/permission denied',
};

export class SlurmCommands {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'stoa-slurm-commands-'));

  constructor() {
    for (const program of PROGRAMS) {
      const file = path.join(this.folder, program);
      writeFileSync(file, script(this.folder, program));
      chmodSync(file, 0o755);
    }
  }

  /** Kills the process `pid` at the change that comes as number `change`. */
  crashAt(change: number, moment: Moment, pid: number): void {
    this.write('crash', `${change} ${moment} ${pid}\n`);
  }

  /** Whether the crash that was asked for is still to come. */
  get isArmed(): boolean {
    return existsSync(this.file('crash'));
  }

  /** Forgets a crash that did not come. */
  disarm(): void {
    rmSync(this.file('crash'), { force: true });
  }

  /** Answers every question and order with this message and failure. */
  refuse(message: string): void {
    this.write('refusal', `${message}\n`);
  }

  answerAgain(): void {
    rmSync(this.file('refusal'), { force: true });
  }

  /** The changes that were asked for so far, each with its arguments. */
  get changes(): string[] {
    const file = this.file('changes');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter((line) => line !== '') : [];
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private file(name: string): string {
    return path.join(this.folder, `${name}.state`);
  }

  private write(name: string, text: string): void {
    writeFileSync(this.file(name), text);
  }
}

/** Changes are the calls of sacctmgr with -i: it asks back otherwise. */
function script(folder: string, program: string): string {
  return `#!/bin/sh
real=${REAL}/${program}
if [ -f ${folder}/refusal.state ]; then cat ${folder}/refusal.state >&2; exit 1; fi
if [ "$1" != -i ]; then exec $real "$@"; fi
echo "$*" >> ${folder}/changes.state
if [ ! -f ${folder}/crash.state ]; then exec $real "$@"; fi
read -r change moment pid < ${folder}/crash.state
if [ "$change" -gt 1 ]; then
  echo "$((change - 1)) $moment $pid" > ${folder}/crash.state
  exec $real "$@"
fi
rm ${folder}/crash.state
case $moment in
  before) kill -9 "$pid"; exit 1 ;;
  during) kill -9 "$pid"; exec $real "$@" > /dev/null 2>&1 ;;
  after) $real "$@" > /dev/null 2>&1; kill -9 "$pid"; exit 0 ;;
esac
`;
}
