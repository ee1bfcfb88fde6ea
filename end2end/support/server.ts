// One portal of its own: a copy of the demo content, a free port, its log; to be stopped, killed, started again, also at another time.

import { ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, cpSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { faketime, stoa } from './environment';
import type { Person } from './people';

export interface Options {
  /** Further `STOA_…` variables. */
  env?: Record<string, string>;
  /** How many seconds ahead of the real time the server lives. */
  ahead?: number;
}

const running = new Set<ChildProcess>();
// However the tests end, no server outlives them.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export class Server {
  private child: ChildProcess | undefined;

  private constructor(
    readonly folder: string,
    readonly port: number,
    private options: Options,
  ) {}

  static async start(options: Options = {}): Promise<Server> {
    const template = process.env.STOA_E2E_TEMPLATE;
    if (!template) throw new Error('the demo content was not made: see setup.ts');
    const folder = mkdtempSync(path.join(tmpdir(), 'stoa-server-'));
    cpSync(template, folder, { recursive: true });
    const server = new Server(folder, await freePort(), options);
    try {
      await server.launch();
      return server;
    } catch (error) {
      await server.remove();
      throw error;
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    if (!this.child?.pid) throw new Error('the server does not run');
    return this.child.pid;
  }

  get log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** Whether the process is there; it is not after something killed it. */
  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Stops it if it runs, and starts it with the same data under the same address; at another time or with other settings if so told. */
  async restart(options: Options = {}): Promise<void> {
    await this.stop();
    this.options = { ...this.options, ...options };
    await this.launch();
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Stops it and removes its data. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs another command of the same program on the same data; its output. */
  command(...args: string[]): string {
    return execFileSync(stoa, args, { cwd: this.folder, env: this.environment(), encoding: 'utf8' });
  }

  /** What `stoa verify` finds wrong: nothing, if all is well. */
  faults(): string {
    const done = spawnSync(stoa, ['verify'], { cwd: this.folder, env: this.environment(), encoding: 'utf8' });
    return done.status === 0 ? '' : `${done.stdout}${done.stderr}`;
  }

  /** A personal access token with all that the person may do. */
  token(person: Person): string {
    const scopes = ['read', 'order', 'approve', 'provide', 'operate'].flatMap((scope) => ['--scope', scope]);
    const said = this.command('token', 'add', '--user', person.email, ...scopes);
    const token = said.match(/\S+(?=\s*$)/)?.[0];
    if (!token) throw new Error(`no token in: ${said}`);
    return token;
  }

  private get logFile(): string {
    return path.join(this.folder, 'server.log');
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      RUST_BACKTRACE: '1',
      STOA_DATA_DIR: this.folder,
      STOA_LISTEN: `127.0.0.1:${this.port}`,
      // All of a test's requests come from one address.
      STOA_POSTS_PER_MINUTE: '0',
      STOA_ANONYMOUS_PAGE_READS_PER_MINUTE: '0',
      STOA_WORK_LEASE_SECONDS: '3',
      STOA_DESIGN_PAGE: 'true',
      ...this.options.env,
      ...(this.options.ahead ? movedClock(this.options.ahead) : {}),
    };
  }

  private async launch(): Promise<void> {
    const log = openSync(this.logFile, 'a');
    const child = spawn(stoa, ['serve'], { cwd: this.folder, env: this.environment(), stdio: ['ignore', log, log] });
    closeSync(log);
    running.add(child);
    child.once('exit', () => running.delete(child));
    this.child = child;
    await this.ready();
  }

  private async ready(): Promise<void> {
    const until = Date.now() + 60_000;
    while (Date.now() < until && this.isRunning) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await pause(20);
    }
    throw new Error(`the server did not become ready:\n${this.log.slice(-4000)}`);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child || !this.isRunning) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const overdue = setTimeout(() => child.kill('SIGKILL'), 25_000);
    child.kill(signal);
    await ended;
    clearTimeout(overdue);
  }
}

/** Only the time of day is moved: timers keep running as they are. */
function movedClock(seconds: number): NodeJS.ProcessEnv {
  return { LD_PRELOAD: faketime(), FAKETIME: `+${Math.round(seconds)}`, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
