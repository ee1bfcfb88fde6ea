// The real SLURM as its administrator sees it.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Account {
  name: string;
  parent: string;
  /** Empty for the account itself. */
  user: string;
  /** For example `cpu=600`; empty without a limit. */
  minutes: string;
}

export interface Job {
  user: string;
  account: string;
  state: string;
  seconds: number;
  /** For example `cpu=8,gres/gpu=2`. */
  resources: string;
}

function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', timeout: 30_000 });
}

function rows(text: string): string[][] {
  return text.split('\n').filter((line) => line.trim() !== '').map((line) => line.split('|'));
}

/** The name of the cluster of the tests. */
export function cluster(): string {
  const name = rows(run('sacctmgr', '-nP', 'show', 'cluster', 'format=cluster'))[0]?.[0];
  if (!name) throw new Error('SLURM’s accounting has no cluster: run `cargo xtask slurm up`');
  return name;
}

/** What `sacctmgr show assoc` has of the accounts whose names begin with `prefix_`. */
export function associations(prefix: string): Account[] {
  const text = run('sacctmgr', '-nP', 'show', 'assoc', `cluster=${cluster()}`, 'format=account,parentname,user,grptresmins');
  return rows(text)
    .map(([name = '', parent = '', user = '', minutes = '']) => ({ name, parent, user, minutes }))
    .filter((one) => one.name.startsWith(`${prefix}_`));
}

/** The accounts of resources, that is those at the bottom of the tree, without their users. */
export function allocations(prefix: string): Account[] {
  const all = associations(prefix).filter((one) => one.user === '');
  const marks = new Map(rows(run('sacctmgr', '-nP', 'show', 'account', 'format=account,description')).map(([a = '', d = '']) => [a, d]));
  return all.filter((one) => marks.get(one.name)?.startsWith('stoa:resource:'));
}

/** Submits a job as the user; its number. */
export function submit(user: string, account: string, options: string, command: string): string {
  const line = `cd /tmp; timeout 20 sbatch --parsable -o /dev/null -A ${account} ${options} --wrap '${command}'`;
  return run('su', user, '-c', line).trim().split(';')[0] ?? '';
}

/** What accounting has of a job. */
export function job(number: string): Job {
  const text = run('sacct', '-a', '-X', '-P', '-n', '-j', number, '--format=user,account,state,elapsedraw,alloctres');
  const [user = '', account = '', state = '', seconds = '0', resources = ''] = rows(text)[0] ?? [];
  return { user, account, state, seconds: Number(seconds), resources };
}

/** What an account lets its jobs do: the most that run at once; empty without a limit. */
export function mostJobs(account: string): string {
  const text = run('sacctmgr', '-nP', 'show', 'assoc', 'where', `cluster=${cluster()}`, `account=${account}`, 'format=user,grpjobs');
  return rows(text).find(([user]) => user === '')?.[1] ?? '';
}

/** How a job stands in the queue: `RUNNING`, `SUSPENDED`, `PENDING`; empty once it has left it. */
export function queued(number: string): string {
  return run('squeue', '-h', '-a', '-o', '%i|%T').split('\n').map((line) => line.split('|')).find(([id]) => id === number)?.[1] ?? '';
}

/** Removes what a test left behind, jobs first. */
export function clean(prefix: string): void {
  // The lowest first: the names of accounts grow with their depth.
  let left = [...new Set(associations(prefix).map((one) => one.name))].sort((one, other) => other.length - one.length);
  for (const name of left) run('scancel', '-A', name);
  // SLURM keeps a user's default account for as long as the user has another one: then it goes in a later round.
  for (let before = left.length + 1; left.length > 0 && left.length < before; ) {
    before = left.length;
    left = left.filter((name) => !remove(name));
  }
  if (left.length > 0) throw new Error(`SLURM keeps the accounts ${left.join(', ')}`);
}

function remove(account: string): boolean {
  return spawnSync('sacctmgr', ['-i', 'remove', 'account', 'where', `name=${account}`], { timeout: 30_000 }).status === 0;
}

/** Keeps everybody else's tests off the cluster until it is given back: two changes at once break its tree of accounts. */
export async function lockCluster(): Promise<() => void> {
  const lock = path.join(tmpdir(), 'stoa-slurm-tests.lock');
  const holder = spawn('flock', [lock, '-c', 'echo taken; cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise<void>((resolve) => holder.stdout.once('data', () => resolve()));
  return () => holder.stdin.end();
}
