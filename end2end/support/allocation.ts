// The offering of the journeys: computing time on the SLURM of the tests, configured from zero in the provider's forms.

import { expect, Page } from '@playwright/test';
import { OfferingWizard } from '../pages/offering_wizard';
import type { Fields } from './forms';
import { clean, cluster } from './slurm';

export const description = `## What you get

Processor and **GPU time** on the cluster, for everybody in your project.

- Jobs by \`sbatch\` and \`srun\`
- Usage by day and by person
`;

export const terms = '## Fair use\n\nDo not compute for others. Keep your data safe.';
export const attributes: Fields = { location: 'ee', gpu: 'a100', cores_per_node: '128', interconnect: 'infiniband', personal_data: true };

export const components: Fields[] = [
  { code: 'cpu_hours', name: 'CPU-hours', unit: 'CPU-hour', charge: 'limit', limit_period: 'total', min: '1', max: '10000', default: '100', step: '1' },
  { code: 'gpu_hours', name: 'GPU-hours', unit: 'GPU-hour', charge: 'usage' },
  { code: 'storage_tb_months', name: 'Storage', unit: 'TB', charge: 'limit', limit_period: 'month', min: '0', max: '50', default: '1', step: '1' },
];

export const plans: { fields: Fields; prices: Record<string, string> }[] = [
  {
    fields: { name: 'Academic', description: 'For research and teaching.', currency: 'EUR', billing_period: 'month', proration: 'day', charge_mode: 'advance', setup_fee: '0' },
    prices: { cpu_hours: '0.02', gpu_hours: '3.60', storage_tb_months: '18' },
  },
  {
    fields: { name: 'Commercial', description: 'For companies.', currency: 'EUR', billing_period: 'month', proration: 'day', charge_mode: 'advance', setup_fee: '25' },
    prices: { cpu_hours: '0.05', gpu_hours: '5.40', storage_tb_months: '30' },
  },
];

export const questions: Fields[] = [
  { key: 'purpose', label: 'What will you compute?', type: 'text', required: true, help: 'Two sentences are enough.' },
  { key: 'shell', label: 'Login shell', type: 'choice', required: true, choices: 'bash: Bash\nzsh: Zsh\nfish: Fish' },
  { key: 'cores', label: 'Cores per job', type: 'integer', required: true, min: '1', max: '128', unit: 'cores' },
  { key: 'first_day', label: 'First day of computing', type: 'date' },
  { key: 'personal_data', label: 'We compute with personal data', type: 'boolean' },
];

export interface Allocation {
  name: string;
  /** What the names of its accounts begin with, so that no two tests meet. */
  prefix: string;
}

/** A name that no test before has used: accounts outlive a test that was cut off. */
export function allocation(name: string): Allocation {
  const prefix = `e2e${Date.now().toString(36).slice(-8)}`;
  prefixes.push(prefix);
  return { name, prefix };
}

const prefixes: string[] = [];

/** Takes away what tests that failed left on SLURM. */
export function removeAllocations(): void {
  prefixes.splice(0).forEach(clean);
}

/** From nothing to published, by the shortest way through the forms. */
export async function publishAllocation(page: Page, { name, prefix }: Allocation): Promise<OfferingWizard> {
  const wizard = await OfferingWizard.create(page, name);
  await wizard.describe({ summary: 'Computing time on the cluster.', description }, 'hpc', attributes);
  for (const component of components) await wizard.addComponent(component);
  for (const plan of plans.slice(0, 1)) await wizard.addPlan(plan.fields, plan.prices);
  await wizard.setTerms(terms);
  await wizard.choosePlugin('slurm');
  await wizard.setPlugin({ cluster: cluster(), account_prefix: prefix });
  await expect(await wizard.testConnection()).toContainText('Connected');
  await wizard.publish();
  return wizard;
}
