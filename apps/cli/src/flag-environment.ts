import { Command, type Option } from 'commander';

/** What tells flags begins so; other processes let it pass. */
const prefix = 'SHUNT_CLI_';

/** A command whose flags the environment may tell where they are not typed, `--dry-run` by SHUNT_CLI_DRY_RUN, unless a setting does. */
export class ToldCommand extends Command {
  override createCommand(name?: string): ToldCommand {
    return new ToldCommand(name);
  }

  override addOption(option: Option): this {
    if (option.envVar === undefined) option.env(`${prefix}${option.name().toUpperCase().replaceAll('-', '_')}`);
    return super.addOption(option);
  }
}

/**
 * Checks what the environment tells a command that is about to run. A flag without a value is given by `true`, and not by `false`.
 *
 * @param all tells every command; asked only when a variable is of no flag of this one
 * @throws ShuntError INVALID_CONFIG naming each variable that is of no flag of any command, or tells a flag without a value anything else
 */
export async function checkTold(command: Command, all: () => Promise<Command>): Promise<void> {
  const given = Object.keys(process.env).filter((name) => name.startsWith(prefix));
  if (given.length === 0) return;
  const unclear = takeBack(command).map((field) => ({ field, message: 'must be true or false' }));
  const own = variablesOf(command);
  const isSure = given.every((name) => own.includes(name));
  const { invalidSettings, unknownFlags } = await import('@shunt/runtime');
  const problems = [...(isSure ? [] : unknownFlags(process.env, variablesOf(await all()))), ...unclear];
  if (problems.length > 0) throw invalidSettings(problems);
}

/** Takes back the flags without a value that are told `false`, as commander gives them for any text. Returns the variables that tell another. */
function takeBack(command: Command): string[] {
  return command.options.flatMap((option) => {
    const { envVar = '' } = option;
    if (!option.isBoolean() || command.getOptionValueSource(option.attributeName()) !== 'env') return [];
    if (process.env[envVar] === 'true') return [];
    command.setOptionValueWithSource(option.attributeName(), undefined, 'default');
    return process.env[envVar] === 'false' ? [] : [envVar];
  });
}

function variablesOf({ options, commands }: Command): string[] {
  return [...options.flatMap(({ envVar }) => envVar ?? []), ...commands.flatMap(variablesOf)];
}
