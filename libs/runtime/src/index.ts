export { type ApiKey, type Role, roles } from './api-keys.js';
export { poolBreaker, poolBreakerNames, workerBreaker, workerBreakerNames } from './breaker-settings.js';
export type { CommandWords, Target } from './handler-settings.js';
export { badSetting, loadDefault } from './load-module.js';
export { errorReporter, type Logger, loggerOf } from './logger.js';
export { parseConfig } from './parse-config.js';
export { badInputCode, fail, runProcess, type Service } from './process.js';
export { effectiveSettings, readSettings } from './read-settings.js';
export { type SettingName, type Settings, settings } from './settings.js';
