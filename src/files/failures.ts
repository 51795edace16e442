import { type Failure, FailureError } from '../base/failure';
import { sentence } from '../base/sentence';
import type { Receipt } from '../model/contracts/message';
import type { PlacedFailure, Range } from './syntax/ast';

/** The failures of message files: each code and sentence once, for checks, runs, the editor and the command line. */

const failure = (code: string, message: string, more?: Pick<Failure, 'evidence' | 'remedy'>): Failure => ({
	code,
	message,
	...more,
});

/** An error with the place of the failure in the file. */
export function placed(failure: Failure, range: Range | undefined): FailureError {
	return new FailureError({
		...failure,
		...(range && { range: { start: range.start, end: range.end } }),
	} as PlacedFailure);
}

// The request line and headers.

export const unknownVerb = (verb: string) =>
	failure(
		'unknown-verb',
		`Unknown verb "${verb}". Use PUBLISH, SUBSCRIBE, REQUEST, WEBSOCKET or another verb of message files.`,
	);

export const httpUrl = failure('http', 'Message files do not support HTTP.');

export const wrongProtocol = (protocol: string, verb: string) =>
	failure('wrong-protocol', `${protocol} does not support ${verb}.`);

/** `reason`: the protocol's own sentence. */
export const noRequests = (reason: string) => failure('no-requests', reason);

/** `target`: the protocol's word for it, such as "topic". */
export const missingTarget = (target: string) => failure('bad-target', `The ${target} is missing.`);

export const headerWithoutEffect = (verb: string, header: string) =>
	failure('header-without-effect', `${verb} cannot carry the header "${header}".`);

export const noHeaders = (protocol: string) => failure('no-headers', `${protocol} messages have no headers.`);

/** `reason`: a clause. */
export const uselessMetadata = (name: string, reason: string) =>
	failure('useless-metadata', `"@${name}" has no effect here: ${reason}.`);

// Bodies.

export const binaryFile = failure('binary-file', 'The file is not text. Write "<" instead of "<@" to send its bytes.');

export const loneSurrogate = failure(
	'bad-text',
	'The text has half a character (a lone surrogate) and cannot be sent.',
);

export const noFile = (path: string) => failure('no-file', `There is no file "${path}".`);

/** `reason`: the code of the system or of the editor's file system. */
export const unreadableFile = (path: string, reason: string) =>
	failure('no-file', `The file "${path}" cannot be read.`, { evidence: reason });

// Variables.

export const missingName = failure('undefined-variable', 'The name between the braces is missing.');

export const undefinedVariable = (name: string) =>
	failure('undefined-variable', `The variable "${name}" is not defined.`);

/** `name` without "$"; `meant`: a function with nearly the same name. */
export const unknownFunction = (name: string, meant?: string) =>
	failure('undefined-variable', `There is no $${name}.${meant ? ` Did you mean $${meant}?` : ''}`);

export const signatureOutsideHeader = failure(
	'bad-variable',
	'A signature covers the body of a message, so it can only stand in a header of a message that is sent.',
);

// Connections.

export const noConnection = (remedy: string) =>
	failure('no-connection', 'The request names no connection, and none is chosen for the file.', {
		remedy: { text: remedy },
	});

/** `where`: the settings that were searched, with a preposition. */
export const unknownConnection = (name: string, where?: string) =>
	failure('unknown-connection', `There is no connection "${name}"${where ? ` ${where}` : ''}.`);

export const unknownScheme = (schemes: readonly string[]) =>
	failure(
		'unknown-protocol',
		`No protocol supports this URL. URLs start with ${schemes.map((one) => `${one}://`).join(', ')}.`,
	);

export const unknownProtocol = (protocol: string | undefined) =>
	failure(
		'unknown-protocol',
		`The protocol ${protocol === undefined ? 'of this connection' : `"${protocol}"`} is not available.`,
	);

// Runs.

export const stopped = failure('stopped', 'The request was stopped.');

export const connectionEnded = failure('connection-ended', 'The connection ended while the request was waiting.');

/** `ms`: the time that was waited. */
export const missingMessages = (count: number, expected: number, ms: number) =>
	failure('no-message', `The server sent ${count} of ${expected} messages within ${ms} ms.`);

export const noReplyWithin = (ms: number) => failure('no-reply', `No reply arrived within ${ms} ms.`);

/** `receipt`: what the receipt says instead. */
export const noReply = (receipt: string) => failure('no-reply', sentence(`No reply arrived: ${receipt}`));

/** A message that was not delivered, or a request that was refused, by its receipt. `target` may be empty. */
export function notAccepted({ proof, text, evidence }: Receipt, kind: 'message' | 'request', target: string): Failure {
	const subject = `The ${kind}${target === '' ? '' : ` to "${target}"`}`;
	const verdict = kind === 'request' ? 'refused' : 'not delivered';
	return failure(proof, sentence(`${subject} was ${verdict}: ${text}`), evidence === undefined ? {} : { evidence });
}

// Rules.

/** What has ended a rule. */
export type RuleEnd = 'stop' | 'timeout' | 'maxMessages' | 'failure';

const ruleEnds: Record<RuleEnd, string> = {
	stop: 'was stopped',
	timeout: 'ended after its time',
	maxMessages: 'ended after its number of messages',
	failure: 'ended',
};

/** Why a message has gone no further. */
export const endedBefore = (end: RuleEnd) =>
	failure(stopped.code, `The rule ${ruleEnds[end]} before this message was processed.`);

/** A place of a rule's step that decides where a message goes or what is read, in words: "the connection". */
export const messageDecides = (place: string) =>
	failure('message-decides', `A message cannot choose ${place}. Write it in the file, or as a variable of the file.`);

/** `message`: the protocol's word for it. */
export const noAddress = (message: string) =>
	failure('no-address', `The ${message} has no address for a reply, so it was not answered.`);

/** The code of failures about messages that go in a circle. */
export const loopCode = 'rule-loop';

export const returned = (target: string) =>
	failure(
		loopCode,
		`A message was not processed again: it has come back to this rule${target === '' ? '' : ` at "${target}"`}.`,
		{
			remedy: {
				text: 'Two rules, or a rule and another bridge, send to each other. Let one of them leave these messages out.',
			},
		},
	);

export const wouldReturn = (target: string) =>
	failure(
		loopCode,
		`A message was not sent${target === '' ? '' : ` to "${target}"`}, because it was received there before.`,
		{
			remedy: {
				text: 'Two rules, or a rule and another bridge, send to each other. Let one of them leave these messages out.',
			},
		},
	);

export const droppedMessages = (count: number) =>
	failure(
		'dropped',
		`${count.toLocaleString('en')} messages were dropped: they arrived faster than they were processed.`,
		{
			remedy: {
				text: 'Receive them in a way that waits for an acknowledgement, such as QoS 1, or raise "# @inFlight".',
			},
		},
	);

export const notText = failure('not-text', 'The answer is not text, which it has to be here.');

export const notAStep = (verb: string) =>
	failure('not-a-step', `${verb} cannot be a step of a rule. Use a verb that sends, or reply.`);

/** An expectation of a step that its answer does not meet. `text`: the expectation as it is written. */
export const unexpectedAnswer = (text: string, actual: string) =>
	failure('unexpected-answer', `The answer does not meet "${text}": it is ${actual}.`);
