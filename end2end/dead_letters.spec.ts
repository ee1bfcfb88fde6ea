// SLURM is down, or lets the portal do nothing: people are told, staff sees the dead letter, and all goes on once SLURM is well again.

import { JobsPage } from './pages/jobs';
import { OrderPage } from './pages/order';
import { allocation, publishAllocation } from './support/allocation';
import { Api, draft, OrderDetail } from './support/api';
import { useSlurmCluster } from './support/slurm_cluster';
import { people, project } from './support/people';
import * as slurm from './support/slurm';
import { refusals } from './support/slurm_commands';
import { expect, test } from './support/test';

const commands = useSlurmCluster();

test('an order that SLURM refuses becomes a dead letter, and goes on when it is tried again', async ({ server, visitors }) => {
  test.setTimeout(600_000);
  const offer = allocation('Allocation of a closed cluster');
  const wizard = await publishAllocation(await visitors.person(people.provider), offer);
  const api = new Api(server, people.owner);
  const limits = { cpu_hours: '10', storage_tb_months: '0' };
  const owner = await visitors.person(people.owner);
  const order = new OrderPage(owner);

  await test.step('a cluster that is down is told, and tried again by itself', async () => {
    commands().refuse(refusals.down);
    const placed = await api.post<OrderDetail>('orders', await draft(api, wizard.id, project.name, 'While it was down', limits));
    await order.open(placed.summary.id);
    await expect(owner.getByRole('main')).toContainText(/tried again/);
    await expect(order.state).toHaveText('In progress');
    commands().answerAgain();
    await order.becomes('Done', 240_000);
  });

  await test.step('a cluster that refuses makes a dead letter', async () => {
    commands().refuse(refusals.forbidden);
    const placed = await api.post<OrderDetail>('orders', await draft(api, wizard.id, project.name, 'While it was closed', limits));
    await order.open(placed.summary.id);
    await order.becomes('Failed');
    await expect(owner.getByRole('main')).toContainText(/does not let the portal administer accounts/);
  });

  await test.step('staff sees it and tries it again', async () => {
    const jobs = new JobsPage(await visitors.person(people.staff));
    await jobs.open('dead');
    await expect(jobs.dead).toHaveCount(1);
    await expect(jobs.dead).toContainText(/administer accounts/);
    commands().answerAgain();
    await jobs.tryAgain();
    await owner.reload();
    await order.becomes('Done');
    await jobs.open('dead');
    await expect(jobs.dead).toHaveCount(0);
    expect(slurm.allocations(offer.prefix)).toHaveLength(2);
  });
  expect(server.faults(), 'stoa verify').toBe('');
});
