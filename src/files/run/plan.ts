import { toFailure } from '../../base/failure';
import type { Draft } from '../../model/contracts/message';
import { bytesValue } from '../../model/profile/bytes-value';
import type { BytesValue, Field, FieldValue, Values } from '../../model/profile/field';
import type { Secrets, Subscription } from '../../model/profile/profile';
import type { ProtocolDescription, Verb } from '../../protocols/description';
import type { Answer } from '../../protocols/message-files';
import {
	headerWithoutEffect,
	missingTarget,
	noHeaders,
	noRequests,
	placed,
	unknownProtocol,
	unknownVerb,
	wrongProtocol,
} from '../failures';
import {
	type Header,
	type MessageFile,
	mayBeOption,
	type Range,
	type Request,
	type Section,
	type Separator,
} from '../syntax/ast';
import { optionsOf, type RequestOptions } from '../syntax/metadata';
import { type VerbWord, verbOf } from '../syntax/words';
import type { Surroundings } from '../values/builtins';
import { type BytesField, createBytesHeaders, headerFile, writtenBytes } from '../values/bytes-headers';
import { fieldValue, findReserved, reservedFor } from '../values/headers';
import { binaryField, ownHeadersField, receivingMode, sendingVerb } from '../values/sending-verb';
import { type Scope, textOf } from '../values/variables';
import { type Body, readFileAt, stepBytes } from './body';
import type { ConnectionSpec } from './connection';
import { connectionOf, replaceConnection, specOf } from './connections/request-connection';

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

export interface PlanContext {
	scope: Scope;
	/** The protocol of a connection; undefined if it is not available. May throw a FailureError with the reason. */
	describe(spec: ConnectionSpec): ProtocolDescription | undefined;
	readFile(path: string): Promise<Uint8Array>;
	/** The request is an answer: its connection, verb and target are these, and its headers are added to the values. */
	answer?: Answer & { spec: ConnectionSpec };
}

/** Plans a request. Throws a PlacedFailure for its first problem. */
export async function planRequest(file: MessageFile, section: Section, context: PlanContext): Promise<Plan> {
	const { request } = section;
	const { answer } = context;
	// An answer has the headers of a message that is sent.
	const written = answer ? 'PUBLISH' : request?.verb.text;
	const word = written === undefined ? undefined : verbOf(written);
	if (!request || !word) throw placed(unknownVerb(written ?? ''), request?.verb ?? section);
	const options = optionsOf(file, section);
	const bodies: (Body | undefined)[] = [];
	for (const step of request.steps) bodies.push(await stepBytes(file, step, options.body, context));
	const signed = signedHeaders(request, word, context.scope);
	const headers = signed.of(bodies[0]);
	const connection = replaceConnection(connectionOf(file, section), word, context.scope);
	const target =
		answer?.target ?? (connection.kind === 'url' ? connection.target : textOf(request.target, context.scope));
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
		const body = bodies[at];
		const empty = request.steps.length === 1 && sendsEmpty(wanted.word);
		const bytes = body ?? (empty ? { bytes: new Uint8Array(), binary: false } : undefined);
		let { message } = sorted;
		if (at > 0 && bytes && signed.used) {
			const own = rewritten(word, written ?? '', request, target, signed.of(body));
			({ message } = await sortHeaders(own, description, chooseVerb(own.target), context));
			if (answer) message = { ...answer.values, ...message };
		}
		steps.push({
			...(step.separator && { separator: step.separator }),
			drafts: bytes ? targets.publish.map((one) => draftOf(description, chooseVerb(one), one, message, bytes)) : [],
		});
	}
	for (const draft of steps.flatMap(({ drafts }) => drafts)) checkDraft(draft, description, placeOf(request));
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

/** The headers of a request, whose values may sign the body of the message. The headers of a handshake have none. */
function signedHeaders({ headers }: Request, { action }: VerbWord, scope: Scope) {
	const signs = action !== 'receive' && action !== 'conversation';
	const signed = {
		/** Whether a value has looked at the body, so that each message has headers of its own. */
		used: false,
		of(body: Body | undefined): Replaced[] {
			const around: Surroundings = {
				...scope.around,
				get body() {
					signed.used = true;
					return signs ? (body?.bytes ?? new Uint8Array()) : undefined;
				},
			};
			const own = { ...scope, around };
			return headers.map((header) => ({
				header,
				name: textOf(header.name, scope),
				value: textOf(header.value, own),
				option: mayBeOption(header),
			}));
		},
	};
	return signed;
}

/** Messages arrive without a target, unless the request names a mode, which needs one. */
const arrivesUnasked = ({ subscription }: ProtocolDescription, { subscription: { mode } }: Sorted) =>
	subscription?.unasked !== undefined && mode === undefined;

export interface Replaced {
	header: Header;
	name: string;
	value: string;
	/** The name may be that of an option; otherwise it is a header of the message. */
	option: boolean;
}

/** The value of an option of the request itself. `name` in lowercase. */
const optionNamed = (name: string, headers: readonly Replaced[]): string | undefined =>
	headers.findLast((one) => one.option && one.name.toLowerCase() === name)?.value;

/** The request's headers by what they belong to. */
export interface Sorted {
	profile: Values;
	secrets: Secrets;
	message: Values;
	subscription: Values;
}

export interface Wanted {
	word: VerbWord;
	/** The verb as it is written. */
	text: string;
	target: string;
	headers: Replaced[];
	/** The targets that a form names. */
	targets?: Targets;
}

interface Targets {
	publish: string[];
	subscribe: string[];
}

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

async function sortHeaders(
	wanted: Wanted,
	description: ProtocolDescription,
	verb: Verb | undefined,
	context: PlanContext,
): Promise<Sorted> {
	const { sorted, bytes } = sortTexts(wanted, description, verb);
	if (bytes.length > 0) await setBytes(sorted, bytes, context);
	return sorted;
}

/** Sorts headers; the fields for bytes are still to be set. Throws a PlacedFailure. */
export function sortTexts(
	{ word, text, target, headers }: Wanted,
	description: ProtocolDescription,
	verb: Verb | undefined,
): { sorted: Sorted; bytes: BytesField<Header>[] } {
	const reserved = reservedFor(text, description, verb?.id);
	const sorted: Sorted = { profile: {}, secrets: {}, message: {}, subscription: {} };
	const bytes = createBytesHeaders<Header>();
	const own: [string, string][] = [];
	for (const { header, name, value, option } of headers) {
		const found = option ? findReserved(name, reserved) : undefined;
		if (!found) {
			own.push([name, value]);
			continue;
		}
		const { sets } = found;
		if (sets.what === 'secret') sorted.secrets[sets.key] = value;
		else if ('field' in sets) {
			// A quoted text is a single item, even if it contains commas.
			const isItem = sets.field.type === 'list' && header.value.literal !== undefined;
			const converted = isItem ? { value: [value] } : fieldValue(sets.field, value);
			if ('problem' in converted) throw placed({ code: 'bad-value', message: converted.problem }, header.value);
			if (bytes.take(sets, value, header) || sets.what === 'verb' || sets.what === 'notation') continue;
			const place = sorted[sets.what];
			place[sets.field.key] = appended(place[sets.field.key], converted.value, sets.field);
			// A form has one header for an option that the message and the subscription both have, such as QoS.
			const both = word.form && description.subscription?.fields.some(({ key }) => key === sets.field.key);
			if (both) sorted.subscription[sets.field.key] = converted.value;
		}
	}
	const result = { sorted, bytes: bytes.fields };
	const [first] = own;
	if (!first) return result;
	const place = headers.find(({ name }) => name === first[0])?.header ?? { start: 0, end: 0 };
	if (word.action === 'receive') {
		const { mode } = sorted.subscription;
		const way = receivingMode(text, description, target, typeof mode === 'string' ? mode : undefined);
		const field = ownHeadersField(description, way);
		if (!field) throw placed(headerWithoutEffect(word.name, first[0]), place);
		sorted.subscription[field.key] = own;
		return result;
	}
	const ofProfile = word.profile?.headers;
	const pairs = ofProfile ?? verb?.fields.find(({ type }) => type === 'pairs')?.key;
	if (!pairs) throw placed(noHeaders(description.label), place);
	sorted[ofProfile === undefined ? 'message' : 'profile'][pairs] = own;
	return result;
}

/** Sets the fields for bytes, and reads the files that their headers name. */
async function setBytes(sorted: Sorted, fields: BytesField<Header>[], context: PlanContext): Promise<void> {
	for (const { field, holder, headers } of fields) {
		const values: BytesValue[] = [];
		for (const { place, ...written } of headers) {
			// The text of the file decides: a variable's value must not name a file.
			const path = place.value.literal === undefined ? headerFile(place.value.text) : undefined;
			if (path !== undefined) {
				const start = place.value.end - path.length;
				values.push(bytesValue(await readFileAt({ start, end: place.value.end, text: path }, place.value, context)));
				continue;
			}
			const converted = writtenBytes(written);
			if ('problem' in converted)
				throw placed({ code: 'bad-value', message: `${field.label}: ${converted.problem}` }, place.value);
			values.push(converted.value);
		}
		if (holder !== 'verb') sorted[holder][field.key] = field.many ? values : (values[0] as BytesValue);
	}
}

/** Joins the items of a list that is written in several headers. */
function appended(before: FieldValue | undefined, value: FieldValue, field: Field): FieldValue {
	const isMany = field.type === 'list' || field.type === 'pairs';
	return isMany && Array.isArray(before) && Array.isArray(value) ? ([...before, ...value] as FieldValue) : value;
}

function targetsOf({ word, target, targets }: Wanted, arrivesUnasked: boolean): Targets {
	if (targets) return targets;
	// Without a target, only messages that arrive without a subscription are received.
	if (word.action === 'receive') return { publish: [], subscribe: target === '' && arrivesUnasked ? [] : [target] };
	return { publish: [word.action === 'conversation' ? '' : target], subscribe: [] };
}

/** A request without a body sends an empty message. A conversation without a body only listens. */
const sendsEmpty = (word: VerbWord) => word.action === 'send' || word.action === 'request';

export function draftOf(
	description: ProtocolDescription,
	verb: Verb | undefined,
	target: string,
	values: Values,
	body: Body,
): Draft {
	const field = binaryField(description, verb?.id);
	// The bytes of a file are binary and typed text is text, unless the header of the field says otherwise.
	const isBinary = field && values[field.key] === undefined && body.binary;
	const typed = isBinary ? { ...values, [field.key]: description.files?.binary?.value } : values;
	return { verb: verb?.id ?? '', target: verb?.target === 'none' ? '' : target, values: typed, payload: body.bytes };
}

/** Throws a PlacedFailure for a target that the verb does not accept. */
export function checkDraft(draft: Draft, description: ProtocolDescription, place: Range): void {
	const verb = description.verbs.find(({ id }) => id === draft.verb);
	if (verb?.target === 'required' && draft.target === '') throw placed(missingTarget(description.words.target), place);
	const wrong = verb?.target === 'none' ? undefined : verb?.checkTarget(draft.target);
	if (wrong) throw placed({ code: 'bad-target', message: wrong }, place);
}

/** Where a problem of the target is shown. */
export const placeOf = ({ target, verb }: Request): Range => (target.text === '' ? verb : target);
