import { z } from 'zod';
import { type LabelIssue, labelIssues, metadataIssues } from './ids.js';

/** Labels of a task or worker: each bad one is named. */
export const labelsField = textsField(labelIssues);

/** Metadata of a task: each bad text is named. */
export const metadataField = textsField(metadataIssues);

function textsField(issuesOf: (value: unknown) => readonly LabelIssue[]) {
  return z.unknown().superRefine((value, ctx) => {
    for (const { path, message } of issuesOf(value)) ctx.addIssue({ code: 'custom', path: [...path], message });
  });
}
