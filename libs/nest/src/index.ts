export { AgentTask, AgentTasks, getShuntToken, InjectShunt, OnAgentClose, OnAgentOpen } from './decorators.js';
export type { PoolWorkerOptions, ShuntModuleOptions, ShuntPoolOptions } from './module-options.js';
export { ShuntHealthIndicator } from './shunt.health.js';
export { ShuntModule } from './shunt.module.js';
export { ShuntRuntime } from './shunt-runtime.js';
export { ShuntTestingModule } from './testing/shunt-testing.module.js';
export { TestRuntime } from './testing/test-runtime.js';
export { TestShunt, type TestTask } from './testing/test-shunt.js';
