import { Argument, type Command } from 'commander';

/** Adds `completion`. */
export function addCompletion(command: Command): void {
  const shell = new Argument('<shell>', 'which shell').choices(['bash', 'zsh']);
  command.addArgument(shell).action((name: 'bash' | 'zsh') => {
    const script = bashScript(command.parent as Command);
    console.log(name === 'zsh' ? `${zshHead}\n${script}` : script);
  });
}

/** zsh runs completions of bash. */
const zshHead = 'autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit';

function bashScript(program: Command): string {
  const cases = commandsOf(program, []).map(([path, words]) => `    '${path}') words='${words.join(' ')}' ;;`);
  return `_shunt() {
  local path='' word words='' current="\${COMP_WORDS[COMP_CWORD]}"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) if [ -z "$path" ]; then path="$word"; elif [ "\${path#* }" = "$path" ]; then path="$path $word"; fi ;; esac
  done
  case "$path" in
${cases.join('\n')}
    *) case "\${path%% *}" in
${cases.map((line) => `  ${line}`).join('\n')}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _shunt shunt`;
}

/** Each command by its words, with what may follow: sub-commands and options. */
function commandsOf(command: Command, path: readonly string[]): [string, string[]][] {
  const subs = command.commands.map((sub) => sub.name());
  const options = command.options.flatMap(({ long }) => long ?? []);
  const own: [string, string[]] = [path.join(' '), [...subs, ...options, '--help']];
  return [own, ...command.commands.flatMap((sub) => commandsOf(sub, [...path, sub.name()]))];
}
