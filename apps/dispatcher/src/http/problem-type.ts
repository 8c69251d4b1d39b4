import { z } from 'zod';

/** What every answer with an error is like, for the OpenAPI document. */
export const problemType = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string().meta({ description: 'For programs; stable' }),
  retryable: z.boolean().meta({ description: 'Whether the same request can succeed later' }),
  errors: z
    .array(z.object({ field: z.string(), message: z.string() }))
    .optional()
    .meta({ description: 'Each bad field' }),
  retryAfterMs: z.number().optional().meta({ description: 'When to ask again' }),
});
