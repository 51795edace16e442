import type * as vscode from 'vscode';
import { startRule } from '../../../files/rules/rule';
import { replaceConnection, specOf } from '../../../files/run/connections/request-connection';
import { literalOf, type MessageFile, type Section } from '../../../files/syntax/ast';
import { titleOf } from '../../../files/syntax/names';
import type { Scope } from '../../../files/values/variables';
import { match } from '../../../node/match';
import { clock } from '../../../node/surroundings';
import { confirmProductionRule, type RuleUse } from '../../connections/confirm';
import { stepTaken } from '../../steps-taken';
import type { Log } from '../../ui/log';
import type { BodyFiles } from '../body-files';
import type { Environments } from '../environments/environments';
import type { FileSecrets } from '../environments/file-secrets';
import type { Opener } from '../run/connect';
import { prepare } from '../run/preparation';
import type { Targets } from '../targets';
import type { RuleContext } from './context';
import { usesOf } from './matching';
import type { Started, StartRequest } from './registry';

/** Longest wait for a reply, in milliseconds. */
const timeout = 10_000;

export interface RuleStartOptions {
	environments: Environments;
	secrets: FileSecrets;
	targets: Targets;
	opener: Opener;
	bodies: BodyFiles;
	log: Log;
	ruleContext: RuleContext;
}

/** Starts a rule on the sessions of the saved connections that it names, which the panels share. */
export function createRuleStart(options: RuleStartOptions): (request: StartRequest) => Promise<Started> {
	const { targets, opener, bodies, ruleContext } = options;
	return async ({ document: { uri }, file, section, signal }) => {
		const { environment, around, hidden } = await prepare(options, uri, file, [section]);
		const scope: Scope = { file, environment, around, hidden, result: () => undefined };
		const uses = savedUses(file, section, scope, targets, uri);
		await confirmProductionRule(titleOf(file, section), uses);
		const confirmed = new Set(uses.map(({ profile }) => profile.id));
		const opening = { confirmed, opened: new Map(), signal };
		stepTaken('hasRun');
		const rule = await startRule({
			...{ file, section, environment, around, match, clock, hidden, timeout, untilStopped: true },
			...(await ruleContext(uri, file)),
			describe: (spec) => targets.describe(spec, uri),
			readFile: (path) => bodies.read(uri, path),
			async connect(spec) {
				for (const value of Object.values(spec.secrets)) hidden.add(value);
				return opener.open(spec, uri, opening);
			},
		});
		return { rule, hidden };
	};
}

/** The saved connections from which a rule receives and to which it sends, as far as the file names them. */
function savedUses(file: MessageFile, section: Section, scope: Scope, targets: Targets, uri: vscode.Uri): RuleUse[] {
	return usesOf(file, section).flatMap(({ request, word, connection }) => {
		try {
			const stored = targets.stored(specOf(replaceConnection(connection, word, scope), word), uri);
			const text = `${request.verb.text} ${literalOf(request.target)}`;
			return stored ? [{ profile: stored.profile, text }] : [];
		} catch {
			// A name that depends on the message is confirmed when the first message is sent. The start reports other problems.
			return [];
		}
	});
}
