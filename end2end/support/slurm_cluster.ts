// SLURM for the tests of one file, with commands between it and the server that a test can make fail.

import { removeAllocations } from './allocation';
import * as slurm from './slurm';
import { SlurmCommands } from './slurm_commands';
import { test } from './test';

/** Locks the cluster for this file; the commands are there while its tests run. Servers talk to SLURM about orders alone. */
export function useSlurmCluster(): () => SlurmCommands {
  let replaced: SlurmCommands | undefined;
  let unlock: (() => void) | undefined;
  const commands = (): SlurmCommands => {
    if (!replaced) throw new Error('the cluster was not locked');
    return replaced;
  };
  test.beforeAll(async () => {
    // Others may have the cluster.
    test.setTimeout(1_800_000);
    unlock = await slurm.lockCluster();
    replaced = new SlurmCommands();
  });
  test.afterAll(() => {
    removeAllocations();
    unlock?.();
    replaced?.remove();
  });
  test.use({
    serverOptions: async ({}, use) => {
      await use({ env: { STOA_SLURM_BIN_DIR: commands().folder, STOA_USAGE_SECONDS: '86400' } });
    },
  });
  return commands;
}
