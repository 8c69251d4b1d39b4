import { type FactorWeights, factorNames, type ZoneDistances } from '@shunt/balancing';
import { labelsProblems, zoneProblem } from '@shunt/sdk';
import { z } from 'zod';
import { readPairs } from './pairs.js';

/** Pairs whose values a function reads; it gives a text where they are wrong. */
const pairs = <T>(read: (pairs: Readonly<Record<string, string>>) => T | string) =>
  z.string().transform((text, ctx) => {
    const result = readPairs(text);
    const value = 'problem' in result ? result.problem : read(result.pairs);
    if (typeof value !== 'string') return value;
    ctx.addIssue({ code: 'custom', message: value });
    return z.NEVER;
  });

const amount = (value: string) => (/^\d{1,9}(?:\.\d{1,9})?$/.test(value) ? Number(value) : null);

function readLabels(labels: Readonly<Record<string, string>>) {
  const [problem] = labelsProblems(labels);
  return problem === undefined ? labels : `${problem.field} ${problem.message}`;
}

function readFactorWeights(given: Readonly<Record<string, string>>): Partial<FactorWeights> | string {
  const weights = Object.entries(given).map(([name, value]) => [name, amount(value)] as const);
  const isFine = weights.every(
    ([name, weight]) => (factorNames as readonly string[]).includes(name) && weight !== null,
  );
  return isFine ? Object.fromEntries(weights) : `must be numbers of 0 or more for ${factorNames.join(', ')}`;
}

function readZoneDistances(given: Readonly<Record<string, string>>): ZoneDistances | string {
  const table: Record<string, Record<string, number>> = Object.create(null);
  for (const [names, value] of Object.entries(given)) {
    const [from = '', to = '', ...rest] = names.split(':');
    const distance = amount(value);
    if (rest.length > 0 || zoneProblem(from) !== null || zoneProblem(to) !== null || distance === null) {
      return 'must be distances of 0 or more such as eu-1:us-1=90,eu-1:ap-1=160';
    }
    table[from] = { ...table[from], [to]: distance };
  }
  return table;
}

/** Labels, such as `gpu=a100,region=eu`. */
export const labels = pairs(readLabels);

/** Weights of factors, such as `load=0.5,errors=0.5`. */
export const factorWeights = pairs(readFactorWeights);

/** Distances between zones, such as `eu-1:us-1=90`. */
export const zoneDistances = pairs(readZoneDistances);
