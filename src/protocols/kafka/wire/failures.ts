import { type Failure, FailureError } from '../../../base/failure';
import { sentence } from '../../../base/sentence';
import { peerText } from '../../shared/peer-text';
import { protocolErrorsCodesById } from './library';

/** What the library keeps of an error of the protocol (https://kafka.apache.org/protocol.html#protocol_error_codes). */
interface ProtocolError {
	apiId: string;
	apiCode: number;
	serverErrorMessage?: string | null;
	message: string;
}

/** An error that a broker has answered with. */
export interface Refusal {
	/** Its name in the specification: "TOPIC_AUTHORIZATION_FAILED". */
	id: string;
	code: number;
	/** The broker's own words, if it gave any, or those of the specification. */
	text: string;
}

/** The first error of the protocol in an error of the library, whose causes are nested. */
export function refusalOf(error: unknown, depth = 0): Refusal | undefined {
	if (depth > 8 || typeof error !== 'object' || error === null) return undefined;
	const { apiId, apiCode, serverErrorMessage, message } = error as Partial<ProtocolError>;
	if (typeof apiId === 'string' && typeof apiCode === 'number')
		return { id: apiId, code: apiCode, text: peerText(serverErrorMessage || message || '') };
	const { errors, cause } = error as { errors?: unknown; cause?: unknown };
	for (const inner of [...(Array.isArray(errors) ? errors : []), cause]) {
		const found = refusalOf(inner, depth + 1);
		if (found) return found;
	}
	return undefined;
}

/** An error code in a part of an answer, as `kafkaFailure` explains it. `text`: the broker's own words. */
export const errorOf = (code: number, text?: string | null): object => ({
	apiId: (protocolErrorsCodesById as Record<number, string>)[code] ?? `error code ${code}`,
	apiCode: code,
	message: text ?? '',
});

/** The message of the innermost error. */
export function causeOf(error: unknown, depth = 0): string {
	const { errors, cause, message } = (error ?? {}) as { errors?: unknown[]; cause?: unknown; message?: unknown };
	const inner = errors?.[0] ?? cause;
	if (inner !== undefined && depth < 8) return causeOf(inner, depth + 1);
	return peerText(typeof message === 'string' ? message : String(error));
}

type Words = Pick<Failure, 'message' | 'remedy' | 'final'> & { code: string };

const checkPermission = { text: 'Ask for the permission (an ACL of the cluster), or use another user.' };

/** Refusals with words of their own. `what`: the topic or group, for sentences. */
const words: Record<string, (what: string) => Words> = {
	UNKNOWN_TOPIC_OR_PARTITION: (what) => ({
		code: 'unknown-topic',
		message: `There is no ${what}.`,
		remedy: { text: 'Check its name. Topics are not created by reading or producing here.' },
	}),
	UNKNOWN_TOPIC_ID: (what) => ({ code: 'unknown-topic', message: `There is no ${what} anymore.` }),
	INVALID_TOPIC_EXCEPTION: (what) => ({
		code: 'bad-topic',
		message: `The broker does not accept the name of the ${what}.`,
	}),
	TOPIC_AUTHORIZATION_FAILED: (what) => ({
		code: 'not-permitted',
		message: `This user may not do that with the ${what}.`,
		remedy: checkPermission,
	}),
	GROUP_AUTHORIZATION_FAILED: (what) => ({
		code: 'not-permitted',
		message: `This user may not use the ${what}.`,
		remedy: checkPermission,
	}),
	CLUSTER_AUTHORIZATION_FAILED: () => ({
		code: 'not-permitted',
		message: 'This user may not do that in the cluster.',
		remedy: checkPermission,
	}),
	LEADER_NOT_AVAILABLE: (what) => ({
		code: 'no-leader',
		message: `A partition of the ${what} has no leader at the moment.`,
		remedy: { text: 'Check that enough brokers are running.' },
	}),
	NOT_LEADER_OR_FOLLOWER: (what) => ({
		code: 'no-leader',
		message: `The broker is no longer the leader of a partition of the ${what}.`,
		remedy: { text: 'Try again.' },
	}),
	OFFSET_OUT_OF_RANGE: (what) => ({
		code: 'offset-out-of-range',
		message: `The ${what} does not have the requested offset.`,
	}),
	MESSAGE_TOO_LARGE: (what) => ({
		code: 'message-too-large',
		message: `The message is larger than the ${what} accepts.`,
		remedy: { text: 'Raise "max.message.bytes" of the topic, or send less.' },
	}),
	NOT_ENOUGH_REPLICAS: (what) => ({
		code: 'not-enough-replicas',
		message: `The ${what} has fewer replicas in sync than "min.insync.replicas" demands, so nothing was written.`,
	}),
	INVALID_RECORD: (what) => ({ code: 'bad-record', message: `The broker rejected the record for the ${what}.` }),
	UNSUPPORTED_SASL_MECHANISM: () => ({
		code: 'mechanism-refused',
		message: 'The broker does not offer the chosen mechanism of authentication.',
		remedy: { text: 'Choose another mechanism in the connection.' },
		final: true,
	}),
	SASL_AUTHENTICATION_FAILED: () => ({
		code: 'credentials-refused',
		message: 'The broker refused the user name, the password or the token.',
		remedy: { text: 'Check the mechanism and the credentials of the connection.' },
		final: true,
	}),
};

/** The failure for an error of the library or of a broker. `what`: "topic orders". */
export function kafkaFailure(error: unknown, what: string): Failure {
	if (error instanceof FailureError) return error.failure;
	const refusal = refusalOf(error);
	if (!refusal) {
		const evidence = causeOf(error);
		return { code: 'bad-answer', message: 'The broker sent an answer that cannot be read.', evidence };
	}
	const { id, text } = refusal;
	const known = words[id]?.(what);
	const evidence = `${id}${text ? `: ${text}` : ''}`;
	const end = { code: id, reason: text };
	if (known) return { ...known, evidence, end };
	return {
		code: 'refused-by-broker',
		message: sentence(`The broker refused it for the ${what}: ${id}`),
		evidence,
		end,
	};
}

/** As `kafkaFailure`, to be thrown. */
export const kafkaError = (error: unknown, what: string): FailureError => new FailureError(kafkaFailure(error, what));
