import { type Failure, FailureError, fail } from '../../../base/failure';
import { readableHost, hostAndPort as where } from './address';
import { lacksZone } from './zone';

/** The other end of a connection, for sentences. */
export interface Peer {
	host: string;
	port: number;
}

export function isErrno(error: unknown): error is Error & { code: string } {
	return error instanceof Error && typeof (error as { code?: unknown }).code === 'string';
}

type Words = (peer: Peer) => Pick<Failure, 'message' | 'remedy' | 'final'>;

const checkAddress = { text: 'Check host and port in the URL, and that the server is running.' };

/** Codes of the operating system for a name or a socket, with our code and words. */
const table: Record<string, [code: string, words: Words]> = {
	ENOTFOUND: [
		'name-not-found',
		(peer) => ({
			message: `There is no host named "${readableHost(peer.host)}".`,
			remedy: { text: 'Check the spelling of the host in the URL, and the network or VPN.' },
		}),
	],
	EAI_AGAIN: [
		'name-lookup-failed',
		(peer) => ({
			message: `The name "${readableHost(peer.host)}" could not be looked up: the name server does not answer.`,
			remedy: { text: 'Check the network or VPN.' },
		}),
	],
	ECONNREFUSED: [
		'refused',
		(peer) => ({ message: `Nothing accepts connections at ${where(peer)}.`, remedy: checkAddress }),
	],
	ETIMEDOUT: ['timeout', (peer) => ({ message: `${where(peer)} does not answer.`, remedy: checkAddress })],
	EHOSTUNREACH: [
		'unreachable',
		(peer) => ({ message: `The host ${where(peer)} is unreachable.`, remedy: { text: 'Check the network or VPN.' } }),
	],
	ENETUNREACH: [
		'unreachable',
		(peer) => ({
			message: `There is no route to the network of ${where(peer)}.`,
			remedy: { text: 'Check the network or VPN.' },
		}),
	],
	ECONNRESET: ['reset', (peer) => ({ message: `${where(peer)} cut the connection off.` })],
	EPIPE: ['reset', (peer) => ({ message: `${where(peer)} cut the connection off.` })],
	ECONNABORTED: ['reset', () => ({ message: 'The connection was cut off by this machine.' })],
	EACCES: ['not-permitted', (peer) => ({ message: `This machine does not permit connections to ${where(peer)}.` })],
	EMFILE: ['too-many-files', () => ({ message: 'This machine has no file handle left for another connection.' })],
};

/** The failure for a name that was not found, or a connection that was not made or was lost. */
export function socketFailure(error: unknown, peer: Peer): Failure {
	if (error instanceof FailureError) return error.failure;
	const first = error instanceof AggregateError ? error.errors.find(isErrno) : error;
	const code = isErrno(first) ? first.code : '';
	const shownCode = first instanceof Error && first.message.includes(code) ? '' : code;
	const evidence =
		first instanceof Error ? [shownCode, first.message].filter((text) => text).join(': ') : String(first);
	const known = table[code];
	if (lacksZone(peer.host) && /^(EINVAL|EADDRNOTAVAIL|EHOSTUNREACH|ENETUNREACH)$/.test(code))
		return fail(
			'zone-missing',
			`The address ${peer.host} exists on every network, and the URL does not say on which.`,
			{
				evidence,
				remedy: { text: `Add the name of the network interface, for example [${peer.host}%eth0].` },
			},
		).failure;
	if (!known) return fail('connection-failed', `The connection to ${where(peer)} failed.`, { evidence }).failure;
	return { code: known[0], ...known[1](peer), evidence };
}
