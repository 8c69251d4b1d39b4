import type { ClosingAgent, OpeningAgent, TaskContext } from '@shunt/sdk';
import { AgentTask, AgentTasks, OnAgentClose, OnAgentOpen } from '@shunt/sdk/nest';

/** What a worker keeps of an agent while it is home here. */
interface Conversation {
  readonly lines: string[];
}

/** The tasks of chat agents: a conversation is loaded once, and kept while its agent lives here. */
@AgentTasks()
export class ChatTasks {
  @OnAgentOpen()
  load({ id }: OpeningAgent): Conversation {
    console.log(`${id} opened`);
    return { lines: [] };
  }

  @AgentTask('chat.turn')
  turn({ text }: { text: string }, { agent }: TaskContext): { reply: string } {
    const { lines }: Conversation = agent?.state ?? { lines: [] };
    lines.push(text);
    return { reply: `${lines.length}. ${text}` };
  }

  @OnAgentClose()
  save({ id, state }: ClosingAgent): void {
    console.log(`${id} closed after ${(state as Conversation).lines.length} lines`);
  }
}
