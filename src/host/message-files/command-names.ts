import type { Command } from '../commands/registry';

/** The commands of message files. They are registered before the code that runs them is loaded. */
export const commandNames = [
	'sendRequest',
	'sendAllRequests',
	'stopRequest',
	'showRequestResult',
	'chooseFileConnection',
	'selectEnvironment',
	'enterFileSecret',
	'pasteCommandLine',
	'copyRequestAs',
	'copyDraftAs',
	'copyMessageAs',
	'newMessageFile',
	'newMessageFileFromDraft',
	'newMessageFileFromMessages',
	'startRule',
	'stopRule',
	'restartRule',
	'startRulesInFile',
	'stopRulesInFile',
	'stopAllRules',
	'startEndedRules',
	'goToRule',
	'showRules',
	'showRuleFailure',
	'openFailedMessages',
] as const;

export type FileCommands = Record<(typeof commandNames)[number], Command>;
