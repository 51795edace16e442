/**
 * The only shape of an error. `message` is one plain sentence for the user, `evidence` the raw reason as the peer or
 * the system gave it, `remedy` the next step.
 */
export interface Failure {
	/** Stable and in kebab-case; tests and callers compare it. */
	code: string;
	message: string;
	evidence?: string;
	remedy?: Remedy;
	/** Key of the field of a form whose value is refused. */
	field?: string;
	/** Retrying cannot help (wrong password, refused certificate, conflict), so the session does not retry. */
	final?: boolean;
	/**
	 * Id of the protocol of this product that the peer turned out to speak instead of the profile's. The editor offers to
	 * switch the profile.
	 */
	otherProtocol?: string;
	/** Code and reason with which the peer ended or refused the connection or subscription, if it gave any. */
	end?: PeerEnd;
	/** The certificates of the peer, its own first, if it was refused because of them. */
	certificates?: readonly PeerCertificate[];
}

export interface PeerCertificate {
	subject: string;
	issuer: string;
	/** Milliseconds since the epoch. */
	validFrom?: number;
	validTo: number;
	/** SHA-256, in hexadecimal with colons. */
	fingerprint: string;
	/** Why it was not accepted, as the end of a sentence: "expired". */
	problem?: string;
}

/** The end of a connection or subscription in the terms of its protocol. */
export interface PeerEnd {
	/** "4401", "320", "4.04", "conflict" */
	code?: string;
	/** The peer's reason, or the protocol's text for the code where the peer gave none. */
	reason?: string;
	/** The protocol defines the code as a normal end. */
	normal?: boolean;
}

export interface Remedy {
	text: string;
	command?: RemedyCommand;
}

/** Commands that a failure may offer in the editor. They take at most the connection's id, which the host adds. */
export const remedyCommands = [
	'messagingWorkbench.addConnection',
	'messagingWorkbench.editConnection',
	'messagingWorkbench.enterSecret',
	'workbench.action.files.newUntitledFile',
	'workbench.trust.manage',
] as const;

export type RemedyCommand = (typeof remedyCommands)[number];

/** Removes the command from a failure that comes from a side in contact with a peer. The advice remains as text. */
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

/**
 * Converts any thrown value to a Failure. Only the text of an unknown error is used, because error objects may carry
 * secrets.
 */
export function toFailure(error: unknown, message = 'Unexpected error.'): Failure {
	if (error instanceof FailureError) return error.failure;
	const code = (error as { code?: unknown } | null)?.code;
	const text = error instanceof Error ? error.message : String(error);
	return {
		code: 'unexpected',
		message,
		evidence: typeof code === 'string' && !text.includes(code) ? `${code}: ${text}` : text,
	};
}
