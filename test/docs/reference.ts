import type { HotKey } from '@shunt/lanes';
import { shuntErrorCodes } from '@shunt/sdk';
import type { Command } from 'commander';
import ts from 'typescript';
import { textOf } from './pages.js';

type Json = { readonly [name: string]: Json } & readonly Json[] & string;

/** What the page is made of, beside the sources that it reads. */
export interface ReferenceSources {
  readonly settings: Readonly<Record<string, { readonly fallback: string | undefined; readonly about: string }>>;
  readonly hotKeys: readonly HotKey[];
  /** The OpenAPI document, as a dispatcher serves it. */
  readonly openApi: unknown;
  readonly program: Command;
}

/** Interfaces of options that are told, by the file that has them. */
const optionTypes = {
  EnqueueOptions: [
    'options of a task: `enqueue`, and `options` of `POST /v1/tasks`',
    'libs/sdk/src/input/enqueue-options.ts',
  ],
  ConnectOptions: ['options of `connect` with Redis', 'libs/sdk/src/connect-options.ts'],
  WorkerOptions: ['options of `createWorker`', 'libs/sdk/src/worker-options.ts'],
  AgentHooks: ['options of `createWorker` for the states of agents', 'libs/sdk/src/agent-states.ts'],
  PlaceOptions: ['options of both that say where a pool is', 'libs/sdk/src/input/config.ts'],
} as const;

const head = `# Reference

Made of the sources by \`npm run generate:reference\`: schemas, settings, option types, commands. A test finds it out of date. What things are
for is in the [other pages](operations.md); all of the HTTP API with its bodies is in \`/openapi.json\` of a dispatcher.`;

/** The text of docs/reference.md. */
export function referencePage({ settings, hotKeys, openApi, program }: ReferenceSources): string {
  return [
    head,
    '## Settings\n\nFrom the environment; see [operations.md](operations.md#settings).',
    tableOf(
      ['setting', 'default', 'what'],
      Object.entries(settings).map(([name, { fallback, about }]) => [
        code(name),
        fallback === undefined ? 'none' : code(fallback),
        about,
      ]),
    ),
    '## Configuration of a pool\n\nHot keys; see [operations.md](operations.md#configuration-of-a-pool).',
    tableOf(
      ['key', 'unit', 'default', 'what'],
      hotKeys.map(({ key, unit, fallback, about }) => [code(key), unit, fallback, about]),
    ),
    '## Options',
    ...Object.entries(optionTypes).map(
      ([name, [about, file]]) =>
        `### ${name}\n\nThe ${about}.\n\n${tableOf(['option', 'type', 'what'], optionsOf(file, name))}`,
    ),
    '## HTTP API\n\nSee [http.md](http.md).',
    tableOf(['request', 'takes', 'answers'], routesOf(openApi as Json)),
    '## Commands\n\nSee [cli.md](cli.md). Those that work on a pool also take `--redis`, `--pool`, `--prefix` and `-o`.',
    tableOf(['command', 'option', 'what'], commandsOf(program, '')),
    '## Error codes\n\n`code` of a `ShuntError`. Null where it is never an HTTP answer.',
    tableOf(
      ['code', 'HTTP status', 'may the same call succeed later'],
      Object.entries(shuntErrorCodes).map(([name, { httpStatus, retryable }]) => [
        code(name),
        String(httpStatus),
        retryable ? 'yes' : 'no',
      ]),
    ),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

const code = (text: string) => `\`${text}\``;

function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

/** The members of an interface with what their comments say. */
function optionsOf(file: string, name: string): string[][] {
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true);
  const found = source.statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === name);
  if (!found || !ts.isInterfaceDeclaration(found)) throw new Error(`${file} has no interface ${name}`);
  return found.members.filter(ts.isPropertySignature).map((member) => {
    const about = ts
      .getJSDocCommentsAndTags(member)
      .map((one) => ts.getTextOfJSDocComment(one.comment) ?? '')
      .join(' ');
    const type = (member.type?.getText() ?? '').replace(/ \| undefined$/, '');
    return [code(member.name.getText()), code(type), about];
  });
}

function routesOf({ paths }: Json): string[][] {
  return Object.entries(paths ?? {}).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { summary, parameters, requestBody, responses }]) => {
      const named = [...(parameters ?? [])]
        .filter((one) => String(one.in) !== 'path')
        .map((one) => code(one.in === 'header' ? `${one.name}:` : String(one.name)));
      const fields = fieldsOf(requestBody?.content?.['application/json']?.schema);
      const statuses = Object.keys(responses ?? {}).filter((status) => status !== 'default');
      return [
        `${code(`${method.toUpperCase()} ${path}`)} ${summary}`,
        [...named, ...fields].join(', ') || '-',
        statuses.join(', '),
      ];
    }),
  );
}

function fieldsOf(schema: Json | undefined): string[] {
  const required = new Set<unknown>(schema?.required ?? []);
  return Object.keys(schema?.properties ?? {}).map((name) => code(required.has(name) ? name : `${name}?`));
}

/** Options of every command that works on a pool: told once. */
const common = new Set(['--redis', '--pool', '--prefix', '--output']);

function commandsOf(command: Command, path: string): string[][] {
  return command.commands.flatMap((sub) => {
    const words =
      `${path} ${sub.name()} ${sub.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`)).join(' ')}`.trim();
    if (sub.commands.length > 0) return commandsOf(sub, words);
    const rows = sub.options
      .filter(({ long }) => !common.has(long ?? ''))
      .map(({ flags, description, defaultValue }) => [
        '',
        code(flags),
        defaultValue === undefined ? description : `${description}; ${defaultValue} unless told`,
      ]);
    return [[code(words), '', sub.description()], ...rows];
  });
}
