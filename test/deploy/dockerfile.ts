import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** One line of a Dockerfile: `COPY apps apps` is `{ word: 'COPY', rest: 'apps apps' }`. */
export interface Instruction {
  readonly word: string;
  readonly rest: string;
}

interface Stage {
  readonly name: string;
  readonly from: string;
  readonly instructions: Instruction[];
}

/** The Dockerfile, read as far as its checks need it: stages that build on each other, one instruction a line. */
export class Dockerfile {
  private readonly stages: Stage[] = [];

  constructor(text: string) {
    for (const line of text.split('\n')) {
      const [, word = '', rest = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
      if (word === 'FROM') {
        const [, from = '', name = ''] = /^(\S+) AS (\S+)$/.exec(rest) ?? [];
        this.stages.push({ name, from, instructions: [] });
      } else if (word !== '') this.stages.at(-1)?.instructions.push({ word, rest });
    }
  }

  /** Names of the stages, in order. */
  get targets(): string[] {
    return this.stages.map((stage) => stage.name);
  }

  /** Images of a registry that stages start from. */
  get baseImages(): string[] {
    return this.stages.map((stage) => stage.from).filter((from) => !this.targets.includes(from));
  }

  /** Every instruction that makes a target, of the stages below it first. */
  instructions(target: string): Instruction[] {
    const stage = this.stages.find(({ name }) => name === target);
    return stage ? [...this.instructions(stage.from), ...stage.instructions] : [];
  }

  /** The last value of an instruction in a target. */
  last(target: string, word: string): string {
    return this.instructions(target).findLast((instruction) => instruction.word === word)?.rest ?? '';
  }

  /** Files and folders that a target copies, from the build context or, with `from`, out of another stage. */
  copied(target: string, from?: string): string[] {
    return this.instructions(target).flatMap(({ word, rest }) => {
      if (word !== 'COPY') return [];
      const [, source, paths = ''] = /^(?:--from=(\S+) )?(.+)$/.exec(rest) ?? [];
      return source === from ? paths.split(' ').slice(0, -1) : [];
    });
  }

  /** Variables that a target sets. */
  environment(target: string): Record<string, string> {
    const pairs = this.instructions(target).filter(({ word }) => word === 'ENV');
    return Object.fromEntries(pairs.flatMap(({ rest }) => rest.split(' ').map((pair) => pair.split('=', 2))));
  }

  /** What a target runs, word by word. @throws SyntaxError when it is not in the exec form */
  command(target: string): string[] {
    return JSON.parse(this.last(target, 'CMD'));
  }

  /** What a target's health check runs, word by word. @throws SyntaxError when it is not in the exec form */
  healthCommand(target: string): string[] {
    return JSON.parse(this.last(target, 'HEALTHCHECK').replace(/^.*? CMD /, ''));
  }
}

/** The project's Dockerfile. */
export function readDockerfile(): Dockerfile {
  return new Dockerfile(readFileSync(`${root}Dockerfile`, 'utf8'));
}
