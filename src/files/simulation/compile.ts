import type { Draft } from '../../model/contracts/message';
import type { Values } from '../../model/profile/field';
import type { Verb } from '../../protocols/description';
import type { Body } from '../run/body';
import { connectionOf } from '../run/connections/request-connection';
import { checkDraft, draftOf, type Plan, placeOf, type Replaced, sortTexts } from '../run/plan';
import {
	hasVariable,
	type MessageFile,
	mayBeOption,
	type Request,
	type Section,
	type Step,
	type Token,
} from '../syntax/ast';
import { verbOf } from '../syntax/words';
import type { Surroundings } from '../values/builtins';
import { sendingVerb } from '../values/sending-verb';
import { compileText, type Template } from '../values/templates';
import type { Scope } from '../values/variables';

/** Makes the messages of a request for one client, without parsing the request again. Throws a FailureError. */
export type MessageMaker = (around: Surroundings) => Draft[];

/**
 * The maker of a request's messages, which is several times as fast as planning each of them; undefined for requests whose
 * form it does not know: those have to be planned. `plan`: that of any message of the request.
 */
export function compileRequest(
	file: MessageFile,
	section: Section,
	scope: Scope,
	plan: Plan,
): MessageMaker | undefined {
	const { request } = section;
	const word = request && verbOf(request.verb.text);
	if (!request || word?.action !== 'send' || connectionOf(file, section).kind === 'url') return undefined;
	const { description } = plan;
	const target = templateOf(request.target, scope);
	const headers = compileHeaders(request, scope);
	const bodies = request.steps.flatMap(
		(step, at) => compileBody(file, step, scope, plan, plan.steps[at]?.drafts[0]) ?? [],
	);
	if (!headers || bodies.length < request.steps.length) return undefined;

	const verbFor = (one: string, given: string | undefined) =>
		sendingVerb(word, request.verb.text, description, { target: one, given });
	const valuesFor = (one: string, replaced: Replaced[], given: string | undefined): Values | undefined => {
		const wanted = { word, text: request.verb.text, target: one, headers: replaced };
		const { sorted, bytes } = sortTexts(wanted, description, verbFor(one, given));
		// Files and other bytes in headers are read by the plan.
		return bytes.length > 0 ? undefined : sorted.message;
	};
	const first = headers.replaced({ ...scope.around, body: new Uint8Array() });
	const given = headers.verb(first);
	if (!valuesFor(target.text(scope.around), first, given)) return undefined;
	const fixedTarget = target.constant ? target.text(scope.around) : undefined;
	const fixedVerb = fixedTarget === undefined ? undefined : verbFor(fixedTarget, given);
	/** Values of constant headers by the verb, which may depend on the target. */
	const cached = new Map<Verb | undefined, Values | undefined>();
	const constantValues = (one: string, verb: Verb | undefined): Values | undefined => {
		if (!cached.has(verb)) cached.set(verb, valuesFor(one, first, given));
		return cached.get(verb);
	};

	return (around) => {
		const one = fixedTarget ?? target.text(around);
		const verb = fixedVerb ?? verbFor(one, given);
		return bodies.flatMap((make) => {
			const body = make(around);
			if (!body) return [];
			const values = headers.constant
				? constantValues(one, verb)
				: valuesFor(one, headers.replaced({ ...around, body: body.bytes }), given);
			const draft = draftOf(description, verb, one, values ?? {}, body);
			if (fixedTarget === undefined) checkDraft(draft, description, placeOf(request));
			return [draft];
		});
	};
}

/** Throws as `textOf` does. */
function templateOf({ text, literal, start }: Token, scope: Scope): Template {
	return literal === undefined ? compileText(text, start, scope) : { constant: true, text: () => literal };
}

/** Undefined if a name or the verb differs between messages. */
function compileHeaders({ headers }: Request, scope: Scope) {
	// A signature needs a body.
	const signing = { ...scope, around: { ...scope.around, body: new Uint8Array() } };
	const all = headers.map((header) => ({ header, value: templateOf(header.value, signing) }));
	const isVerb = ({ header }: (typeof all)[0]) => header.name.text.toLowerCase() === 'verb';
	if (all.some((one) => hasVariable(one.header.name) || (isVerb(one) && !one.value.constant))) return undefined;
	return {
		constant: all.every(({ value }) => value.constant),
		verb: (replaced: Replaced[]) =>
			replaced.findLast(({ option, name }) => option && name.toLowerCase() === 'verb')?.value,
		replaced: (around: Surroundings): Replaced[] =>
			all.map(({ header, value }) => ({
				header,
				name: header.name.literal ?? header.name.text,
				value: value.text(around),
				option: mayBeOption(header),
			})),
	};
}

/** Undefined if the body has to be read for each message. */
function compileBody(
	file: MessageFile,
	{ parts }: Step,
	scope: Scope,
	{ options }: Plan,
	draft: Draft | undefined,
): ((around: Surroundings) => Body | undefined) | undefined {
	if (!draft) return () => undefined;
	const texts = parts.flatMap((part) => (part.kind === 'text' ? [part] : []));
	const templates = texts.map(({ start, end }) =>
		compileText(file.text.slice(start, end).replace(/\r\n/g, '\n'), start, scope),
	);
	const files = parts.filter((part) => part.kind === 'file');
	if (templates.every(({ constant }) => constant) && !files.some(({ variables }) => variables)) {
		const body = { bytes: draft.payload, binary: options.body !== undefined || files.length > 0 };
		return () => body;
	}
	const isText = options.body === undefined && files.length === 0;
	if (!isText || templates.some((one) => /\p{Surrogate}/u.test(one.text(scope.around)))) return undefined;
	const encoder = new TextEncoder();
	return (around) => {
		const text = templates.map((one) => one.text(around)).join('\n');
		return { bytes: encoder.encode(text), binary: false };
	};
}
