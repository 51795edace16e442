import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { FailureError, fail } from '../../../base/failure';
import { parseJson, toPlain } from '../../../model/json/value';
import { canonicalHost } from '../../../model/profile/host';
import { hostAndPort, hostForHttp, nameForCertificate } from '../../shared/dial/address';
import { type Peer, socketFailure } from '../../shared/dial/socket-failures';
import { withKnownZone } from '../../shared/dial/zone';
import { peerText } from '../../shared/peer-text';
import { tlsFailure, withHandshake } from '../../shared/tls/failures';
import { readTlsFiles } from '../../shared/tls/files';
import type { Settings } from '../settings';

/** RabbitMQ's management HTTP API. */
export interface Management {
	/** Throws a FailureError if it cannot be answered. */
	get(path: string): Promise<unknown>;
	put(path: string, body: object): Promise<void>;
	delete(path: string): Promise<void>;
	/** The latest refusal or connection failure; undefined if it works or was not used yet. */
	readonly unusable: FailureError | undefined;
	stop(): void;
}

/** Milliseconds for an answer, and its maximum size in bytes. */
const answerWithin = 8000;
const maxBytes = 16 * 1024 * 1024;
/** Milliseconds before the API is tried again after it has failed. */
const restAfterFailure = 20_000;

/** `node`: the node that the link is connected to. Returns undefined if the connection does not use the API. */
export function createManagement(settings: Settings, node: Peer): Management | undefined {
	const { management } = settings;
	if (!management) return undefined;
	const base = management === 'node' ? defaultBase(settings, node) : readBase(management.url);
	const stop = new AbortController();
	let unusable: FailureError | undefined;
	let until = 0;

	async function ask(method: Exchange['method'], path: string, body?: object): Promise<unknown> {
		if (base instanceof FailureError) throw base;
		if (unusable && performance.now() < until) throw unusable;
		try {
			const text = await exchange({ settings, base, method, path, body, signal: stop.signal });
			unusable = undefined;
			return text === '' ? undefined : readAnswer(text);
		} catch (error) {
			const failure = error instanceof FailureError ? error : fail('management-failed', 'The management API failed.');
			if (apiFailures.has(failure.failure.code)) {
				unusable = failure;
				until = performance.now() + restAfterFailure;
			}
			throw failure;
		}
	}

	return {
		get: (path) => ask('GET', path),
		put: async (path, body) => void (await ask('PUT', path, body)),
		delete: async (path) => void (await ask('DELETE', path)),
		get unusable() {
			return base instanceof FailureError ? base : unusable;
		},
		stop: () => stop.abort(),
	};
}

/** Failures of the API itself, not of a single request. */
const apiFailures = new Set(['management-unreachable', 'management-refused', 'management-silent', 'not-management']);

interface Base {
	tls: boolean;
	host: string;
	port: number;
	prefix: string;
}

/** RabbitMQ's default port on the same host, so that the password goes to no other server. */
function defaultBase({ tls }: Settings, { host }: Peer): Base {
	return { tls: tls !== undefined, host, port: tls ? 15_671 : 15_672, prefix: '' };
}

function readBase(url: string): Base | FailureError {
	const [, scheme, host = '', port, path = ''] =
		/^(https?):\/\/(\[[0-9a-f:.]+(?:%[^/?#@[\]\s]+)?\]|[^/?#:@\s[\]]+)(?::(\d{1,5}))?(\/[^?#\s]*)?$/i.exec(url) ?? [];
	if (!scheme)
		return fail('bad-field', '"Management API" must be a URL such as http://host:15672, without user and password.', {
			final: true,
		});
	const tls = scheme.toLowerCase() === 'https';
	const canonical = canonicalHost(host);
	if (canonical === undefined)
		return fail('bad-field', 'The host of the "Management API" is not valid.', { final: true });
	return {
		tls,
		host: canonical.replace(/^\[(.*)\]$/, '$1'),
		port: port ? Number(port) : tls ? 443 : 80,
		prefix: path.replace(/\/$/, ''),
	};
}

/** An integer that a double may not represent, such as an argument of a binding: JSON.parse would change it. */
const longInteger = /[[:,]\s*-?\d{16}/;

/** Throws a FailureError if the text is not JSON. */
export function readAnswer(text: string): unknown {
	try {
		const exact = longInteger.test(text) ? parseJson(text) : undefined;
		return exact && 'value' in exact ? toPlain(exact.value) : JSON.parse(text);
	} catch {
		throw fail('not-management', 'The management API’s answer is not JSON.');
	}
}

interface Exchange {
	settings: Settings;
	base: Base;
	method: 'GET' | 'PUT' | 'DELETE';
	path: string;
	body?: object;
	signal: AbortSignal;
}

/** One request with one total deadline. Redirects are not followed, since they would take the password to another server. */
async function exchange({ settings, base, method, path, body, signal }: Exchange): Promise<string> {
	const { host, port } = base;
	const where = `${base.tls ? 'https' : 'http'}://${hostAndPort(base)}`;
	const address = withKnownZone(host);
	const files = base.tls && settings.tls ? await readTlsFiles(settings.tls) : undefined;
	const content = body && Buffer.from(JSON.stringify(body));
	return new Promise((resolve, reject) => {
		const name = nameForCertificate(settings.tls?.servername ?? host);
		const request = (base.tls ? https : http).request({
			...{ method, host: address, port, path: `${base.prefix}/api${path}`, agent: false },
			headers: {
				host: `${hostForHttp(host)}:${port}`,
				authorization: `Basic ${Buffer.from(`${settings.user}:${settings.password}`).toString('base64')}`,
				accept: 'application/json',
				...(content && { 'content-type': 'application/json', 'content-length': content.length }),
			},
			...(base.tls && {
				secureContext: files?.context,
				rejectUnauthorized: settings.tls?.verify !== false,
				servername: isIP(name) ? '' : name,
			}),
		});
		const end = (error: unknown) => {
			clearTimeout(timer);
			signal.removeEventListener('abort', stopped);
			request.destroy();
			reject(error);
		};
		const timer = setTimeout(
			() =>
				end(
					fail('management-silent', `The management API at ${where} did not answer within ${answerWithin / 1000} s.`),
				),
			answerWithin,
		);
		const stopped = () => end(fail('cancelled', 'The connection was closed before the management API answered.'));
		if (signal.aborted) return stopped();
		signal.addEventListener('abort', stopped, { once: true });
		request.on('error', (error) => {
			withHandshake(error, { client: files?.client, answered: false });
			const { message, evidence } = base.tls ? tlsFailure(error, { host, port }) : socketFailure(error, { host, port });
			end(fail('management-unreachable', `The management API cannot be used: ${lower(message)}`, { evidence }));
		});
		request.on('response', (response) => {
			const chunks: Buffer[] = [];
			let size = 0;
			response.on('error', () => end(fail('management-unreachable', 'The management API cut off its answer.')));
			response.on('data', (chunk: Buffer) => {
				chunks.push(chunk);
				size += chunk.length;
				if (size > maxBytes)
					end(
						fail(
							'management-too-much',
							`The management API answered with more than ${maxBytes.toLocaleString('en')} bytes.`,
						),
					);
			});
			response.on('end', () => {
				if (!response.complete) return end(fail('management-unreachable', 'The management API cut off its answer.'));
				clearTimeout(timer);
				signal.removeEventListener('abort', stopped);
				const text = Buffer.concat(chunks).toString('utf8');
				const failure = refusal(response.statusCode ?? 0, text, where, settings);
				if (failure) reject(failure);
				else resolve(text);
			});
		});
		request.end(content);
	});
}

function refusal(status: number, text: string, where: string, { user }: Settings): FailureError | undefined {
	if (status >= 200 && status < 300) return undefined;
	const evidence = `HTTP ${status} ${peerText(text)}`;
	const reason = /"reason"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? '';
	// The user may use the API, but not this part of it.
	if ((status === 401 || status === 403) && /^(?!Not management)(?:Not |User not)/i.test(reason))
		return fail('management-forbidden', `The user "${peerText(user, { most: 100 })}" may not read this.`, {
			evidence,
			remedy: { text: 'Give it the tag "monitoring", or "administrator" for users (rabbitmqctl set_user_tags).' },
		});
	if (status === 401 || status === 403)
		return fail(
			status === 401 ? 'management-refused' : 'management-forbidden',
			`The management API at ${where} refused the user "${peerText(user, { most: 100 })}".`,
			{
				evidence,
				remedy: { text: 'Give the user the tag "management" (rabbitmqctl set_user_tags), or use another one.' },
			},
		);
	if (status === 404) return fail('not-found', 'The management API does not know this, or no longer.', { evidence });
	if (status >= 300 && status < 400)
		return fail('not-management', `${where} answered with a redirect, which is not followed.`, { evidence });
	return fail('management-failed', `The management API at ${where} answered with HTTP status ${status}.`, { evidence });
}

const lower = (sentence: string) => sentence.charAt(0).toLowerCase() + sentence.slice(1);
