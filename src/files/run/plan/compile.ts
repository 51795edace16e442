import type { Draft } from '../../../model/contracts/message';
import type { Values } from '../../../model/profile/field';
import type { Verb } from '../../../protocols/description';
import type { Answer } from '../../../protocols/message-files';
import {
	type BodyPart,
	hasVariable,
	literalOf,
	type MessageFile,
	type Request,
	type Section,
	type Step,
	type Token,
} from '../../syntax/ast';
import type { RequestOptions } from '../../syntax/metadata';
import { isOfRule } from '../../syntax/names';
import { verbOf } from '../../syntax/words';
import { sendingVerb } from '../../values/sending-verb';
import { compileText, type Template } from '../../values/templates';
import type { Scope } from '../../values/variables';
import { connectionOf } from '../connections/request-connection';
import { type Body, encodedBytes, isBinary, joinedBytes, payloadName, textBytes, withLineFeeds } from './body';
import { checkDraft, draftOf, emptyBody } from './draft';
import { fileOf, optionNamed, type Replaced, replacedHeader, signedHeaders, sortWritten } from './headers';
import { answerVerb, type Plan, type PlanStep } from './plan';

/** Makes the messages of a request, equal to those of its plan. `answer`: of one that answers. Throws a PlacedFailure. */
export type MessageMaker = (scope: Scope, answer?: Answer) => Draft[];

/**
 * The maker of a request's messages, which is several times as fast as planning each of them; undefined for a request whose
 * form it does not know, which has to be planned. Only functions with another value each time, the message of a rule and the
 * answer of its step differ between messages. `plan`: that of any message of the request.
 */
export function compileRequest(
	file: MessageFile,
	section: Section,
	scope: Scope,
	plan: Plan,
	isAnswer = false,
): MessageMaker | undefined {
	const { request } = section;
	const written = isAnswer ? answerVerb : request?.verb.text;
	const word = written === undefined ? undefined : verbOf(written);
	if (!request || written === undefined || !(word?.action === 'send' || word?.action === 'request')) return undefined;
	const { description } = plan;
	const place = connectionOf(file, section);
	const isFixed = place.kind === 'none' || (place.kind !== 'url' && templateOf(place.from, scope).constant);
	const headers = compileHeaders(request, scope);
	const bodies = request.steps.flatMap((step, at) => compileBody(file, step, scope, plan, plan.steps[at]) ?? []);
	if (!isFixed || !headers || bodies.length < request.steps.length) return undefined;
	const target = isAnswer ? undefined : templateOf(request.target, scope);
	const empty = emptyBody(request, word);
	const fixedHeaders = headers.constant ? headers.replaced(scope) : undefined;
	/** Values of constant headers by the verb, which may depend on the target. */
	const cached = new Map<Verb | undefined, Values>();
	const valuesOf = (replaced: Replaced[], one: string, verb: Verb | undefined): Values => {
		const known = fixedHeaders && cached.get(verb);
		if (known) return known;
		const { message } = sortWritten({ word, text: written, target: one, headers: replaced }, description, verb);
		if (fixedHeaders) cached.set(verb, message);
		return message;
	};
	/** The latest target that its verb accepts. */
	let latest: { target: string; given: string | undefined; verb: Verb | undefined } | undefined;

	return (own, answer) => {
		const contents = bodies.map((make) => make(own));
		const signed = fixedHeaders ? undefined : signedHeaders(word, own, headers.replaced);
		const replaced = fixedHeaders ?? signed?.of(contents[0]) ?? [];
		const one = answer?.target ?? target?.text(own) ?? '';
		const given = answer?.verb ?? optionNamed('verb', replaced);
		const isKnown = latest?.target === one && latest.given === given;
		const verb = isKnown ? latest?.verb : sendingVerb(word, written, description, { target: one, given });
		const shared = valuesOf(replaced, one, verb);
		const drafts = contents.flatMap((content, at) => {
			const body = content ?? empty;
			if (!body) return [];
			const values = at > 0 && signed?.used ? valuesOf(signed.of(body), one, verb) : shared;
			return [draftOf(description, verb, one, answer ? { ...answer.values, ...values } : values, body)];
		});
		if (!isKnown) for (const draft of drafts) checkDraft(draft, description, request);
		latest = { target: one, given, verb };
		return drafts;
	};
}

/** Throws as `textOf` does. */
const templateOf = ({ text, literal, start }: Token, scope: Scope): Template =>
	literal === undefined ? compileText(text, start, scope) : { constant: true, text: () => literal };

/** Undefined if the name of a header differs between messages, or a header names a file. */
function compileHeaders({ headers }: Request, scope: Scope) {
	if (headers.some((header) => hasVariable(header.name) || fileOf(header) !== undefined)) return undefined;
	// A signature needs a body.
	const signing = { ...scope, around: { ...scope.around, body: new Uint8Array() } };
	const all = headers.map((header) => ({
		template: templateOf(header.value, signing),
		...replacedHeader(header, literalOf(header.name), ''),
	}));
	return {
		constant: all.every(({ template }) => template.constant),
		replaced: (own: Scope): Replaced[] =>
			all.map(({ template, header, name, option }) => ({ header, name, option, value: template.text(own) })),
	};
}

type BodyMaker = (scope: Scope) => Body | undefined;

/** Undefined if a file has to be read for each message. */
function compileBody(
	file: MessageFile,
	step: Step,
	scope: Scope,
	{ options: { body: encoding } }: Plan,
	planned: PlanStep | undefined,
): BodyMaker | undefined {
	const { parts } = step;
	if (parts.length === 0) return () => undefined;
	const pieces = parts.map((part) => compilePart(file, part, encoding, scope));
	const binary = isBinary(step, encoding);
	const [draft] = planned?.drafts ?? [];
	if (draft && pieces.every(({ constant }) => constant)) {
		const body = { bytes: draft.payload, binary };
		return () => body;
	}
	const makers = pieces.flatMap(({ bytes }) => bytes ?? []);
	if (makers.length < pieces.length) return undefined;
	return (own) => {
		const bytes = makers.map((make) => make(own));
		return { bytes: joinedBytes(bytes, encoding), binary };
	};
}

/** A part of a body. `bytes`: undefined for a file. */
function compilePart(file: MessageFile, part: BodyPart, encoding: RequestOptions['body'], scope: Scope) {
	if (part.kind === 'file') {
		const { text, start } = part.path;
		return { constant: !part.variables && compileText(text, start, scope).constant };
	}
	const written = file.text.slice(part.start, part.end);
	const name = payloadName(written, encoding);
	const whole = (own: Scope) => textBytes(file, part, encoding, own);
	if (name !== undefined && scope.payload?.(name)) return { constant: !isOfRule(name), bytes: whole };
	const template = compileText(withLineFeeds(written), part.start, scope);
	return {
		constant: template.constant,
		bytes: (own: Scope) => encodedBytes(template.text(own), part, encoding),
	};
}
