// Once before all tests: a database with the demo content, which every server gets a copy of, and the Unix users of the people who submit jobs.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stoa, xtask } from './environment';
import { people } from './people';

export default function setup(): () => void {
  const template = mkdtempSync(path.join(tmpdir(), 'stoa-template-'));
  const env = { PATH: process.env.PATH, STOA_DATA_DIR: template };
  const run = (...args: string[]) => execFileSync(stoa, args, { cwd: template, env, stdio: ['ignore', 'ignore', 'inherit'] });
  run('migrate');
  run('seed', 'demo');
  process.env.STOA_E2E_TEMPLATE = template;
  if (xtask) {
    const users = [people.member, people.colleague].flatMap((person) => ['--user', person.username]);
    execFileSync(xtask, ['slurm', 'up', ...users], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return () => rmSync(template, { recursive: true, force: true });
}
