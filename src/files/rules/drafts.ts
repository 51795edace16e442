import type { Draft } from '../../model/contracts/message';
import type { ProtocolDescription } from '../../protocols/description';
import type { Answer } from '../../protocols/message-files';
import { noAddress, placed } from '../failures';
import type { ConnectionSpec, Received } from '../run/connection';
import { compileRequest, type MessageMaker } from '../run/plan/compile';
import { type Plan, type PlanContext, planRequest } from '../run/plan/plan';
import type { MessageFile } from '../syntax/ast';
import type { RuleStep } from '../values/steps';
import type { ScopeFor } from './scope';

/** What a step sends for a message. */
export interface Drafted {
	/** The plan of the step: its connection and its options are the same for each message. */
	plan: Plan;
	/** The address of the connection, for loops. */
	address: string;
	drafts: Draft[];
	/** Where the answer goes, for a step that answers. */
	answer?: Answer;
}

export interface DraftsOptions extends Omit<PlanContext, 'scope' | 'answer'> {
	file: MessageFile;
	source: { spec: ConnectionSpec; description: ProtocolDescription };
	scopeFor: ScopeFor;
	/** The address of a connection, for loops. */
	addressOf(spec: ConnectionSpec): string;
}

/**
 * Makes the drafts of a step for one message after the other. The first message is planned. Its plan is compiled where its form
 * allows it, because planning costs more than sending. Files are read for each message. Throws a PlacedFailure.
 */
export function createDrafts(
	{ section, reply }: RuleStep,
	options: DraftsOptions,
): (message: Received, answer: Received | undefined) => Drafted | Promise<Drafted> {
	const { file, source, scopeFor, addressOf } = options;
	const readsFiles = section.request.steps.some(({ parts }) => parts.some(({ kind }) => kind === 'file'));
	let compiled: (Omit<Drafted, 'drafts' | 'answer'> & { make: MessageMaker }) | undefined;
	let isPlanned = readsFiles;

	async function planned(message: Received, before: Received | undefined, answer: Answer | undefined) {
		const scope = scopeFor(message, before);
		const plan = await planRequest(file, section, {
			...{ ...options, scope },
			...(answer && { answer: { ...answer, spec: source.spec } }),
		});
		const address = addressOf(plan.connection);
		if (!isPlanned) {
			const make = compileRequest(file, section, scope, plan, reply);
			compiled = make && { plan, address, make };
			isPlanned = true;
		}
		return { plan, address, drafts: plan.steps.flatMap((one) => one.drafts), ...(answer && { answer }) };
	}

	return (message, before) => {
		const answer = reply ? answerTo(message, source.description) : undefined;
		if (!compiled) return planned(message, before, answer);
		const { plan, address, make } = compiled;
		return { plan, address, drafts: make(scopeFor(message, before), answer), ...(answer && { answer }) };
	};
}

/** Where the answer to a message goes. Throws `no-address`. */
function answerTo({ target, payload, flags = 0, meta }: Received, description: ProtocolDescription): Answer {
	const { subscription, verbs, files, words } = description;
	const own = files?.answer?.({ target, payload, flags, ...(meta && { meta }) });
	if (own) return own;
	const [verb] = verbs;
	if (subscription || !verb || verb.target === 'required') throw placed(noAddress(words.message), undefined);
	return { verb: verb.id, target: '', values: {} };
}
