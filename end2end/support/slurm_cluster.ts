// SLURM for the tests of one file, with commands between it and the server that a test can make fail.

import { removeAllocations } from './allocation';
import * as slurm from './slurm';
import { SlurmCommands } from './slurm_commands';
import { test } from './test';

/** Takes the laboratory for this file; the commands are there while its tests run. Servers talk to SLURM about orders alone. */
export function laboratory(): () => SlurmCommands {
  let taken: SlurmCommands | undefined;
  let giveBack: (() => void) | undefined;
  const commands = (): SlurmCommands => {
    if (!taken) throw new Error('the laboratory was not taken');
    return taken;
  };
  test.beforeAll(async () => {
    // Others may have the laboratory.
    test.setTimeout(300_000);
    giveBack = await slurm.take();
    taken = new SlurmCommands();
  });
  test.afterAll(() => {
    removeAllocations();
    giveBack?.();
    taken?.remove();
  });
  test.use({
    serverOptions: async ({}, use) => {
      await use({ env: { STOA_SLURM_BIN_DIR: commands().folder, STOA_USAGE_SECONDS: '86400' } });
    },
  });
  return commands;
}
