import { type Failure, FailureError } from '../base/failure';
import { sentence } from '../base/sentence';
import type { PlacedFailure, Range } from './syntax/ast';

/** The failures of message files: each code and sentence once, for checks, runs, the editor and the command line. */

/** An error with the place of the failure in the file. */
export function placed(failure: Failure, range: Range | undefined): FailureError {
	return new FailureError({
		...failure,
		...(range && { range: { start: range.start, end: range.end } }),
	} as PlacedFailure);
}

// The request line and headers.

export const unknownVerb = (verb: string): Failure => ({
	code: 'unknown-verb',
	message: `Unknown verb "${verb}". Use PUBLISH, SUBSCRIBE, REQUEST, WEBSOCKET or another verb of message files.`,
});

export const httpUrl: Failure = { code: 'http', message: 'Message files do not support HTTP.' };

export const wrongProtocol = (protocol: string, verb: string): Failure => ({
	code: 'wrong-protocol',
	message: `${protocol} does not support ${verb}.`,
});

/** `target`: the protocol's word for it, such as "topic". */
export const missingTarget = (target: string): Failure => ({
	code: 'bad-target',
	message: `The ${target} is missing.`,
});

export const headerWithoutEffect = (verb: string, header: string): Failure => ({
	code: 'header-without-effect',
	message: `${verb} cannot carry the header "${header}".`,
});

export const noHeaders = (protocol: string): Failure => ({
	code: 'no-headers',
	message: `${protocol} messages have no headers.`,
});

// Bodies.

export const binaryFile: Failure = {
	code: 'binary-file',
	message: 'The file is not text. Write "<" instead of "<@" to send its bytes.',
};

export const loneSurrogate: Failure = {
	code: 'bad-text',
	message: 'The text has half a character (a lone surrogate) and cannot be sent.',
};

export const noFile = (path: string): Failure => ({ code: 'no-file', message: `There is no file "${path}".` });

/** `reason`: the code of the system or of the editor's file system. */
export const unreadableFile = (path: string, reason: string): Failure => ({
	code: 'no-file',
	message: `The file "${path}" cannot be read.`,
	evidence: reason,
});

// Variables.

const undefinedVariableCode = 'undefined-variable';

export const missingName: Failure = {
	code: undefinedVariableCode,
	message: 'The name between the braces is missing.',
};

export const undefinedVariable = (name: string): Failure => ({
	code: undefinedVariableCode,
	message: `The variable "${name}" is not defined.`,
});

/** `name` without "$"; `meant`: a function with nearly the same name. */
export const unknownFunction = (name: string, meant?: string): Failure => ({
	code: undefinedVariableCode,
	message: `There is no $${name}.${meant ? ` Did you mean $${meant}?` : ''}`,
});

// Connections.

export const noConnection = (remedy: string): Failure => ({
	code: 'no-connection',
	message: 'The request names no connection, and none is chosen for the file.',
	remedy: { text: remedy },
});

/** `where`: the settings that were searched, with a preposition. */
export const unknownConnection = (name: string, where?: string): Failure => ({
	code: 'unknown-connection',
	message: `There is no connection "${name}"${where ? ` ${where}` : ''}.`,
});

export const unknownScheme = (schemes: readonly string[]): Failure => ({
	code: 'unknown-protocol',
	message: `No protocol supports this URL. URLs start with ${schemes.map((one) => `${one}://`).join(', ')}.`,
});

export const unknownProtocol = (protocol: string | undefined): Failure => ({
	code: 'unknown-protocol',
	message: `The protocol ${protocol === undefined ? 'of this connection' : `"${protocol}"`} is not available.`,
});

// Runs.

export const stopped: Failure = { code: 'stopped', message: 'The request was stopped.' };

export const connectionEnded: Failure = {
	code: 'connection-ended',
	message: 'The connection ended while the request was waiting.',
};

/** `ms`: the time that was waited. */
export const missingMessages = (count: number, expected: number, ms: number): Failure => ({
	code: 'no-message',
	message: `The server sent ${count} of ${expected} messages within ${ms} ms.`,
});

export const noReplyWithin = (ms: number): Failure => ({
	code: 'no-reply',
	message: `No reply arrived within ${ms} ms.`,
});

/** `receipt`: what the receipt says instead. */
export const noReply = (receipt: string): Failure => ({
	code: 'no-reply',
	message: sentence(`No reply arrived: ${receipt}`),
});

/** `code`: the proof of the receipt, such as "unrouted"; `target` may be empty. */
export const notDelivered = (code: string, target: string, receipt: string, evidence?: string): Failure => ({
	code,
	message: sentence(`The message${target === '' ? '' : ` to "${target}"`} was not delivered: ${receipt}`),
	...(evidence !== undefined && { evidence }),
});

export const requestRefused = (code: string, target: string, receipt: string, evidence?: string): Failure => ({
	code,
	message: sentence(`The request${target === '' ? '' : ` to "${target}"`} was refused: ${receipt}`),
	...(evidence !== undefined && { evidence }),
});
