import { z } from 'zod';
import { labelIssues } from './ids.js';

/** Labels of a task or worker: each bad one is named. */
export const labelsField = z.unknown().superRefine((value, ctx) => {
  for (const { path, message } of labelIssues(value)) ctx.addIssue({ code: 'custom', path: [...path], message });
});
