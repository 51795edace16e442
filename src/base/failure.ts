/**
 * The one shape of everything that goes wrong. `message` is one plain sentence for the user, `evidence` the raw reason
 * as the peer or the system gave it, `remedy` the next thing to do.
 */
export interface Failure {
	/** Stable, in kebab-case: what tests and callers compare. */
	code: string;
	message: string;
	evidence?: string;
	remedy?: Remedy;
	/** Trying again by itself cannot help (wrong password, refused certificate, conflict): the session does not retry. */
	final?: boolean;
	/** How the peer ended the connection or the subscription, or refused it, where it gave a code or a reason. */
	end?: PeerEnd;
}

/** An end by the peer, as its protocol numbers and words it. */
export interface PeerEnd {
	/** "4401", "320", "4.04", "conflict" */
	code?: string;
	/** The peer's own words; those of the protocol for the code where it gave none. */
	reason?: string;
	/** The protocol calls it a normal end. */
	normal?: boolean;
}

export interface Remedy {
	text: string;
	command?: RemedyCommand;
}

/** Everything that a failure may offer to run in the editor. None takes more than the connection's id, which the host adds. */
export const remedyCommands = [
	'messagingWorkbench.addConnection',
	'messagingWorkbench.editConnection',
	'messagingWorkbench.enterSecret',
	'workbench.action.files.newUntitledFile',
	'workbench.trust.manage',
] as const;

export type RemedyCommand = (typeof remedyCommands)[number];

/** A failure from a side that speaks with a peer: it tells what to do, and never does it. */
export function withoutCommand(failure: Failure): Failure {
	return failure.remedy ? { ...failure, remedy: { text: failure.remedy.text } } : failure;
}

export class FailureError extends Error {
	constructor(readonly failure: Failure) {
		super(failure.message);
		this.name = 'FailureError';
	}
}

export function fail(code: string, message: string, more: Omit<Failure, 'code' | 'message'> = {}): FailureError {
	return new FailureError({ code, message, ...more });
}

/** Any thrown thing as a Failure. Only the text of an unknown error is taken: error objects may carry secrets. */
export function toFailure(error: unknown, message = 'Something went wrong that has no name yet.'): Failure {
	if (error instanceof FailureError) return error.failure;
	const code = (error as { code?: unknown } | null)?.code;
	const text = error instanceof Error ? error.message : String(error);
	return {
		code: 'unexpected',
		message,
		evidence: typeof code === 'string' && !text.includes(code) ? `${code}: ${text}` : text,
	};
}
