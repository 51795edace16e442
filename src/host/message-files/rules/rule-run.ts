import type * as vscode from 'vscode';
import type { Failure } from '../../../base/failure';
import type { RuleState, RuleStats } from '../../../files/rules/rule';
import type { MessageFile, Section } from '../../../files/syntax/ast';
import type { Holding } from '../../../model/contracts/hold';

/** A rule of a file from its last start on. It stays in the list when it has ended, with its last figures. */
export interface RuleRun {
	/** The URI of the file. */
	readonly uri: vscode.Uri;
	/** The key of the request when the rule was started. */
	readonly key: string;
	/** The text with which the rule runs. */
	readonly file: MessageFile;
	readonly section: Section;
	readonly signature: string;
	readonly state: RuleState;
	/** Without secrets. Undefined until the rule has started. */
	readonly stats: RuleStats | undefined;
	/** Where the messages are that could not be processed. */
	readonly deadLetters: string | undefined;
	/** What acknowledging means at its source. */
	readonly holding: Holding | undefined;
	/** Why the rule could not start, or has ended by itself. Without secrets. */
	readonly failure: Failure | undefined;
}

/** Starting, running or stopping. */
export const isActive = ({ state }: Pick<RuleRun, 'state'>): boolean => state !== 'ended';
