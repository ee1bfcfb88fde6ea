// The server is killed at every change that it makes on SLURM, for each kind of order. Started again it finishes the order, once.

import { OrderPage } from './pages/order';
import { allocation, publishAllocation } from './support/allocation';
import { Api, draft, OrderDetail } from './support/api';
import { useSlurmCluster } from './support/slurm_cluster';
import { people, project } from './support/people';
import type { Server } from './support/server';
import * as slurm from './support/slurm';
import { Moment } from './support/slurm_commands';
import { expect, test } from './support/test';

const commands = useSlurmCluster();

/** One resource from its order to its end, with a server that is killed at the change `at` of each order. */
class Life {
  /** Whether each kind of order so far had fewer changes than `at`, so that nothing was killed. */
  isSpared = true;

  constructor(
    private readonly server: Server,
    private readonly api: Api,
    private readonly at: number,
    private readonly moment: Moment,
  ) {}

  async order(path: string, body: object): Promise<OrderDetail> {
    commands().crashAt(this.at, this.moment, this.server.pid);
    const placed = await this.api.post<OrderDetail>(path, body);
    const id = placed.summary.id;
    await expect.poll(async () => !this.server.isRunning || (await this.state(id)) === 'done', { timeout: 90_000 }).toBe(true);
    if (this.server.isRunning) {
      expect(commands().isArmed, 'the order was finished before the change came').toBe(true);
      commands().disarm();
    } else {
      this.isSpared = false;
      await this.server.restart();
    }
    await expect.poll(() => this.state(id), { timeout: 120_000, message: 'the order is finished' }).toBe('done');
    return this.api.get<OrderDetail>(`orders/${id}`);
  }

  private async state(id: string): Promise<string> {
    // Between the question and the answer the server may be killed.
    return this.api.get<OrderDetail>(`orders/${id}`).then((order) => order.summary.state, () => 'unknown');
  }
}

for (const moment of ['before', 'after'] as const) {
  test(`a server killed ${moment} any change on SLURM finishes each order once`, async ({ server, visitors }) => {
    test.setTimeout(900_000);
    const offer = allocation(`Allocation killed ${moment}`);
    const wizard = await publishAllocation(await visitors.person(people.provider), offer);
    const api = new Api(server, people.owner);
    const owner = await visitors.person(people.owner);
    let isOver = false;
    for (let at = 1; !isOver; at += 1) {
      isOver = await test.step(`killed ${moment} change ${at}`, async () => {
        const life = new Life(server, api, at, moment);
        const name = `Run ${moment} ${at}`;
        const limits = { cpu_hours: '10', storage_tb_months: '1' };
        const { summary } = await life.order('orders', await draft(api, wizard.id, project.name, name, limits));

        expect(await api.ordersFor(name), 'one order').toHaveLength(1);
        expect((await api.resourcesNamed(name)).map((one) => one.state), 'one resource').toEqual(['ok']);
        expect(slurm.allocations(offer.prefix).map((one) => one.minutes), 'one account').toEqual(['cpu=600']);
        const users = slurm.associations(offer.prefix).filter((one) => one.user !== '').map((one) => one.user);
        expect(users.length, 'each member once').toBe(new Set(users).size);
        expect(users).toContain(people.member.username);
        const page = new OrderPage(owner);
        await page.open(summary.id);
        await expect(page.state).toHaveText('Done');

        const resource = `resources/${summary.resource_id ?? ''}`;
        // To change a limit is one change on SLURM.
        if (at <= 2) {
          await life.order(`${resource}/limits`, { limits: { cpu_hours: '20' } });
          expect(slurm.allocations(offer.prefix).map((one) => one.minutes)).toEqual(['cpu=1200']);
        }
        await life.order(`${resource}/termination`, {});
        expect(slurm.associations(offer.prefix), 'nothing is left').toEqual([]);
        expect((await api.resourcesNamed(name)).map((one) => one.state)).toEqual(['terminated']);
        return life.isSpared;
      });
      expect(at, 'a chain of changes that never ends').toBeLessThan(10);
    }
    expect(server.faults(), 'stoa verify').toBe('');
  });
}
