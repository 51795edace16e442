import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { FailureError } from '../../../base/failure';
import { type Address, hostForHttp } from '../../shared/dial/address';
import { hungUp, refusal, type Upgrade, upgradeFailure } from '../../shared/http/upgrade-failures';
import { explained, unanswered } from './refusals';

export interface HttpOptions {
	address: Address;
	headers: Readonly<Record<string, string | string[]>>;
	/** Opens a further connection. Throws a FailureError. */
	dial(): Promise<Duplex>;
	/** An open connection for the first request, if there is one. */
	first?: Duplex;
	upgrade: Upgrade;
}

export interface HttpRequest {
	method: 'GET' | 'POST';
	/** Path and query. */
	path: string;
	body?: Buffer;
	/** Called with the body of a 200, in pieces. What it throws ends the request and is thrown. */
	data(chunk: Buffer): void;
}

export interface Http {
	/** Resolves after the whole body. Throws a FailureError, also for every status but 200. */
	request(request: HttpRequest): Promise<void>;
	/** Headers for other requests to the server: those of the options, with the cookies that it has set in place of theirs. */
	headers(): Record<string, string | string[]>;
	/** Stops and continues reading the answers. */
	pause(): void;
	resume(): void;
	destroy(): void;
}

/** Limits for the cookies of a server: their number, and bytes of one. */
const maxCookies = 50;
const maxCookie = 4096;

/** HTTP/1.1 requests to one server, over connections that `dial` has opened. Redirects are not followed. */
export function createHttp({ address, headers, dial, first, upgrade }: HttpOptions): Http {
	const sockets = new Set<Duplex>();
	const cookies = new Map<string, string>();
	const answers = new Set<IncomingMessage>();
	let spare = first;
	let isDestroyed = false;
	let isPaused = false;
	/** The server has accepted a request. */
	let isOpen = false;
	const keep = (socket: Duplex) => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
		socket.on('error', () => {});
		return socket;
	};
	if (first) keep(first);

	class DialingAgent extends Agent {
		override createConnection(
			_options: unknown,
			done: (error: Error | null, socket: Duplex) => void = () => {},
		): undefined {
			const socket = spare;
			spare = undefined;
			if (socket && !socket.destroyed) {
				done(null, socket);
				return;
			}
			dial().then(
				(dialed) => {
					if (isDestroyed) dialed.destroy();
					else done(null, keep(dialed));
				},
				// The types of Node know no error without a socket.
				(error) => done(error, undefined as unknown as Duplex),
			);
		}
	}
	// The server decides how long a connection without a request stays open.
	const agent = new DialingAgent({ keepAlive: true, maxSockets: 4 });
	const isUsual = address.port === (address.tls ? 443 : 80);
	const host = `${hostForHttp(address.host)}${isUsual ? '' : `:${address.port}`}`;

	function allHeaders(): Record<string, string | string[]> {
		if (cookies.size === 0) return { ...headers };
		const own = [headers.cookie ?? []].flat().flatMap((line) => line.split(/;\s*/));
		const kept = own.filter((pair) => !cookies.has(pair.replace(/\s*=.*$/s, '')));
		const set = [...cookies].map(([name, value]) => `${name}=${value}`);
		return { ...headers, cookie: [...kept, ...set].join('; ') };
	}

	function remember({ headers: { 'set-cookie': lines = [] } }: IncomingMessage): void {
		for (const line of lines) {
			const [, name, value = ''] = /^\s*([^=;\s]+)=([^;]*)/.exec(line) ?? [];
			if (name === undefined || line.length > maxCookie || /[^\t -~]/.test(value)) continue;
			if (cookies.has(name) || cookies.size < maxCookies) cookies.set(name, value.trim());
		}
	}

	function request({ method, path, body, data }: HttpRequest): Promise<void> {
		return new Promise((resolve, reject) => {
			let isAnswered = false;
			const lost = (error: Error) =>
				reject(
					error instanceof FailureError ? error : new FailureError(unanswered(upgradeFailure(error, upgrade), isOpen)),
				);
			if (isDestroyed) return lost(hungUp());
			const outgoing = httpRequest({
				...{ agent, method, path, setHost: false },
				headers: {
					...{ host, accept: '*/*' },
					...allHeaders(),
					...(body && { 'content-type': 'text/plain;charset=UTF-8', 'content-length': body.length }),
				},
			});
			outgoing.on('error', lost);
			outgoing.on('upgrade', (_answer, socket) => {
				socket.destroy();
				lost(hungUp());
			});
			outgoing.on('close', () => !isAnswered && lost(hungUp()));
			outgoing.on('response', (answer) => {
				isAnswered = true;
				remember(answer);
				if (answer.statusCode !== 200) {
					void refusal(answer, upgrade).then((failure) => {
						reject(new FailureError(explained(failure)));
						outgoing.destroy();
					});
					return;
				}
				isOpen = true;
				answers.add(answer);
				answer.on('data', (chunk: Buffer) => {
					try {
						data(chunk);
					} catch (error) {
						lost(error as Error);
						outgoing.destroy();
					}
				});
				if (isPaused) answer.pause();
				answer.on('error', lost);
				answer.on('close', () => {
					answers.delete(answer);
					if (answer.complete) resolve();
					else lost(hungUp());
				});
			});
			outgoing.end(body);
		});
	}

	return {
		request,
		headers: allHeaders,
		pause() {
			isPaused = true;
			for (const answer of answers) answer.pause();
		},
		resume() {
			isPaused = false;
			for (const answer of answers) answer.resume();
		},
		destroy() {
			isDestroyed = true;
			agent.destroy();
			for (const socket of sockets) socket.destroy();
		},
	};
}
