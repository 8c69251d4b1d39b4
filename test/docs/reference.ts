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

/** Types that are told, by the file that has them. */
const toldTypes = {
  EnqueueOptions: [
    'Options of a task: `enqueue`, and `options` of `POST /v1/tasks`.',
    'libs/sdk/src/input/enqueue-options.ts',
  ],
  Backoff: [
    'The option `backoff` of a task, where it is more than a fixed wait.',
    'libs/sdk/src/input/enqueue-options.ts',
  ],
  Dedup: ['The option `dedup` of a task.', 'libs/sdk/src/input/enqueue-options.ts'],
  Keep: ['What `keep.completed` and `keep.failed` of a task may be.', 'libs/sdk/src/input/enqueue-options.ts'],
  KeepBounds: ['Both bounds of `keep`.', 'libs/sdk/src/input/enqueue-options.ts'],
  ConnectOptions: ['Options of `connect` with Redis.', 'libs/sdk/src/client/connect-options.ts'],
  HttpConnectOptions: ['Options of `connect` with a dispatcher.', 'libs/sdk/src/http/http-options.ts'],
  WorkerOptions: ['Options of `createWorker`.', 'libs/sdk/src/worker/worker-options.ts'],
  AgentHooks: ['Options of `createWorker` for the states of agents.', 'libs/sdk/src/worker/agent-states.ts'],
  PlaceOptions: [
    'Options of `connect` with Redis and of `createWorker` that say where a pool is.',
    'libs/sdk/src/input/place.ts',
  ],
  OrderOptions: ['Options of every order to an agent, a worker or the pool.', 'libs/sdk/src/input/order-options.ts'],
  PinOptions: ['Options of `agents.pin`, besides those of every order.', 'libs/sdk/src/client/agents.ts'],
  TaskContext: ['The second argument of a handler.', 'libs/sdk/src/worker/task-context.ts'],
  TaskHandle: ['What `enqueue` and `task` give.', 'libs/sdk/src/task/task-handle.ts'],
  TaskStatus: [
    'What `status` of a handle resolves to, besides `state` and `worker`.',
    'libs/sdk/src/task/task-handle.ts',
  ],
  TaskEvent: ['What `events` of a handle yields.', 'libs/sdk/src/task/task-events.ts'],
  FollowOptions: ['Options of `events` of a handle.', 'libs/sdk/src/task/task-handle.ts'],
  CancelOptions: ['Options of `cancel` of a handle.', 'libs/lanes/src/tasks/cancel.ts'],
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
    '## Types of the SDK\n\nSee [sdk.md](sdk.md).',
    ...Object.entries(toldTypes).map(([name, [about, file]]) => `### ${name}\n\n${about}\n\n${typeText(file, name)}`),
    '## HTTP API\n\nSee [http.md](http.md).',
    tableOf(['request', 'takes', 'answers'], routesOf(openApi as Json)),
    '## Commands\n\nSee [cli.md](cli.md). Those that work on a pool also take `--redis`, `--pool`, `--prefix` and `-o`.\nThe environment tells every option too, `--dry-run` by `SHUNT_CLI_DRY_RUN`.',
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

/** A type as a table of its members, or what it may be. */
function typeText(file: string, name: string): string {
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true);
  for (const one of source.statements) {
    if (ts.isTypeAliasDeclaration(one) && one.name.text === name)
      return `${code(plain(one.type))}: ${aboutOf(one).replace(/^./, (first) => first.toLowerCase())}`;
    if ((ts.isInterfaceDeclaration(one) || ts.isClassDeclaration(one)) && one.name?.text === name)
      return tableOf(['name', 'type', 'what'], [...one.members].flatMap(memberRow));
  }
  throw new Error(`${file} has no type ${name}`);
}

/** A public member with its type and what its comment says. */
function memberRow(member: ts.TypeElement | ts.ClassElement): string[][] {
  const isPrivate =
    ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
  if (ts.isConstructorDeclaration(member)) return member.parameters.flatMap(parameterRow);
  if (isPrivate || member.name === undefined) return [];
  const name = member.name.getText();
  if (ts.isMethodSignature(member) || ts.isMethodDeclaration(member)) {
    const parameters = member.parameters.map(({ name: own, type }) => (type ? plain(type) : plain(own))).join(', ');
    return [[code(name), code(`(${parameters}) => ${member.type ? plain(member.type) : 'void'}`), aboutOf(member)]];
  }
  if (!ts.isPropertySignature(member)) return [];
  return [[code(name), code(member.type ? plain(member.type).replace(/ \| undefined$/, '') : ''), aboutOf(member)]];
}

/** What a constructor makes a public property of. */
function parameterRow(parameter: ts.ParameterDeclaration): string[][] {
  const isPrivate = parameter.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) ?? true;
  if (isPrivate || !parameter.type) return [];
  return [[code(parameter.name.getText()), code(plain(parameter.type)), aboutOf(parameter)]];
}

/** Source text without its comments. */
const plain = (node: ts.Node) =>
  node
    .getText()
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/^\| /, '');

/** What the comment of a declaration says, its errors too. */
function aboutOf(node: ts.Node): string {
  return ts
    .getJSDocCommentsAndTags(node)
    .flatMap((one) => {
      const text = ts.getTextOfJSDocComment(one.comment) ?? '';
      const thrown = ts.isJSDoc(one) ? (one.tags ?? []).filter(({ tagName }) => tagName.text === 'throws') : [];
      return [text, ...thrown.map(({ comment }) => `Throws ${ts.getTextOfJSDocComment(comment)}.`)];
    })
    .join(' ');
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
