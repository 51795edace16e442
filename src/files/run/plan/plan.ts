import { toFailure } from '../../../base/failure';
import type { Draft } from '../../../model/contracts/message';
import type { Subscription } from '../../../model/profile/profile';
import type { ProtocolDescription } from '../../../protocols/description';
import type { Answer } from '../../../protocols/message-files';
import { noRequests, placed, unknownProtocol, unknownVerb, wrongProtocol } from '../../failures';
import type { MessageFile, Request, Section, Separator } from '../../syntax/ast';
import { optionsOf, type RequestOptions } from '../../syntax/metadata';
import { type VerbWord, verbOf } from '../../syntax/words';
import { receivingMode, sendingVerb } from '../../values/sending-verb';
import { textOf } from '../../values/variables';
import type { ConnectionSpec } from '../connection';
import { connectionOf, replaceConnection, specOf } from '../connections/request-connection';
import { type Body, type BodyContext, stepBytes } from './body';
import { checkDraft, draftOf, emptyBody, placeOf } from './draft';
import {
	optionNamed,
	type Replaced,
	replacedHeader,
	type Sorted,
	signedHeaders,
	sortHeaders,
	type Targets,
	type Wanted,
} from './headers';

/** The steps of a request, with variables replaced and files read. */
export interface Plan {
	connection: ConnectionSpec;
	description: ProtocolDescription;
	options: RequestOptions;
	/** The subscriptions of the request; none for protocols that receive without one. */
	subscriptions: Subscription[];
	/** The request goes on receiving when all messages are sent. */
	receives: boolean;
	/** Each message has exactly one reply. */
	request: boolean;
	steps: PlanStep[];
}

export interface PlanStep {
	separator?: Separator;
	/** The messages to send; empty for a step that only waits. */
	drafts: Draft[];
}

export interface PlanContext extends BodyContext {
	/** The protocol of a connection; undefined if it is not available. May throw a FailureError with the reason. */
	describe(spec: ConnectionSpec): ProtocolDescription | undefined;
	/** The request is an answer: its connection, verb and target are these, and its headers are added to the values. */
	answer?: Answer & { spec: ConnectionSpec };
}

/** The verb of the headers of an answer: it has those of a message that is sent. */
export const answerVerb = 'PUBLISH';

/** Plans a request. Throws a PlacedFailure for its first problem. */
export async function planRequest(file: MessageFile, section: Section, context: PlanContext): Promise<Plan> {
	const { request } = section;
	const { answer, scope } = context;
	const written = answer ? answerVerb : request?.verb.text;
	const word = written === undefined ? undefined : verbOf(written);
	if (!request || !word) throw placed(unknownVerb(written ?? ''), request?.verb ?? section);
	const options = optionsOf(file, section);
	const bodies: (Body | undefined)[] = [];
	for (const step of request.steps) bodies.push(await stepBytes(file, step, options.body, context));
	const signed = signedHeaders(word, scope, (own) =>
		request.headers.map((header) => replacedHeader(header, textOf(header.name, scope), textOf(header.value, own))),
	);
	const headers = signed.of(bodies[0]);
	const connection = replaceConnection(connectionOf(file, section), word, scope);
	const target = answer?.target ?? (connection.kind === 'url' ? connection.target : textOf(request.target, scope));
	const spec = answer?.spec ?? specOf(connection, word);
	const description = context.describe(spec);
	if (!description) throw placed(unknownProtocol(spec.protocol), request.verb);
	if (word.protocols && !word.protocols.includes(description.id))
		throw placed(wrongProtocol(description.label, word.name), request.verb);
	if (word.action === 'request' && description.files?.noRequests !== undefined)
		throw placed(noRequests(description.files.noRequests), request.verb);
	const wanted = rewritten(word, written ?? '', request, target, headers);
	const given = answer?.verb ?? optionNamed('verb', wanted.headers);
	const chooseVerb = (one: string) => sendingVerb(wanted.word, wanted.text, description, { target: one, given });
	const sorted = await sortHeaders(wanted, description, chooseVerb(wanted.target), context);
	if (answer) sorted.message = { ...answer.values, ...sorted.message };
	const targets = targetsOf(wanted, arrivesUnasked(description, sorted));
	const steps: PlanStep[] = [];
	for (const [at, step] of request.steps.entries()) {
		const body = bodies[at] ?? emptyBody(request, wanted.word);
		let { message } = sorted;
		if (at > 0 && body && signed.used) {
			const own = rewritten(word, written ?? '', request, target, signed.of(body));
			({ message } = await sortHeaders(own, description, chooseVerb(own.target), context));
			if (answer) message = { ...answer.values, ...message };
		}
		steps.push({
			...(step.separator && { separator: step.separator }),
			drafts: body ? targets.publish.map((one) => draftOf(description, chooseVerb(one), one, message, body)) : [],
		});
	}
	for (const draft of steps.flatMap(({ drafts }) => drafts)) checkDraft(draft, description, request);
	const subscriptions = targets.subscribe.map((one): Subscription => {
		const named = sorted.subscription.mode;
		const mode = receivingMode(wanted.text, description, one, typeof named === 'string' ? named : undefined)?.id;
		return { target: one, ...sorted.subscription, ...(mode !== undefined && { mode }) };
	});
	for (const { target: one, mode } of subscriptions) {
		const wrong = description.subscription?.check(one, mode);
		if (wrong) throw placed({ code: 'bad-target', message: wrong }, placeOf(request));
	}
	return {
		connection: { ...spec, values: sorted.profile, secrets: sorted.secrets },
		description,
		options,
		subscriptions: description.subscription ? subscriptions : [],
		receives: wanted.word.action === 'receive' || word.action === 'conversation' || subscriptions.length > 0,
		request: word.action === 'request',
		steps,
	};
}

/** Messages arrive without a target, unless the request names a mode, which needs one. */
const arrivesUnasked = ({ subscription }: ProtocolDescription, { subscription: { mode } }: Sorted) =>
	subscription?.unasked !== undefined && mode === undefined;

/** Rewrites a request in the form of another tool as one of ours, and returns any other request unchanged. */
function rewritten(word: VerbWord, written: string, request: Request, target: string, headers: Replaced[]): Wanted {
	if (!word.form) return { word, text: written, target, headers };
	try {
		const hasBody = request.steps.some(({ parts }) => parts.length > 0);
		const { verb, publish, subscribe, headers: others } = word.form.rewrite(headers, hasBody);
		const [first = target] = [...publish, ...subscribe];
		return { word: verbOf(verb) ?? word, text: verb, target: first, headers: others, targets: { publish, subscribe } };
	} catch (error) {
		throw placed(toFailure(error), request.verb);
	}
}

function targetsOf({ word, target, targets }: Wanted, arrivesUnasked: boolean): Targets {
	if (targets) return targets;
	// Without a target, only messages that arrive without a subscription are received.
	if (word.action === 'receive') return { publish: [], subscribe: target === '' && arrivesUnasked ? [] : [target] };
	return { publish: [word.action === 'conversation' ? '' : target], subscribe: [] };
}
