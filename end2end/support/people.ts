// The people of the demo content, by what they are in the journeys.

export interface Person {
  email: string;
  username: string;
  name: string;
}

const person = (email: string, username: string, name: string): Person => ({ email, username, name });

export const people = {
  staff: person('staff@stoa.example', 'stella', 'Stella'),
  support: person('support@stoa.example', 'sven', 'Sven'),
  provider: person('liis.tamm@nordic-hpc.example', 'liis', 'Liis Tamm'),
  otherProvider: person('jonas.kask@baltic-cloud.example', 'jonas', 'Jonas Kask'),
  owner: person('mari.saar@pohjala.example', 'mari', 'Mari Saar'),
  member: person('anna.rebane@pohjala.example', 'anna', 'Anna Rebane'),
  colleague: person('ben.oja@pohjala.example', 'ben', 'Ben Oja'),
  projectManager: person('kadri.mets@pohjala.example', 'kadri', 'Kadri Mets'),
  accountant: person('peeter.lepp@pohjala.example', 'peeter', 'Peeter Lepp'),
  stranger: person('max.gross@ravensburg-biotech.example', 'max', 'Max Gross'),
} as const;

export const password = 'marble columns at noon';
export const organization = { name: 'Põhjala Research Institute', legalName: 'SA Põhjala Uurimisinstituut', slug: 'pohjala' };
export const project = { name: 'Sea ice models', slug: 'sea-ice' };
export const provider = { name: 'Nordic HPC Centre', legalName: 'Nordic HPC Centre SA', slug: 'nordic-hpc' };
