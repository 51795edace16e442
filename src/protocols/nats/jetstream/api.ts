import { FailureError, fail } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';
import type { Request } from '../messages/requests';
import type { Connection } from '../wire/connection';
import { type JsonRecord, readRecord, recordAt, recordsAt, textsAt } from '../wire/json';
import { type JsonInput, jsonText } from './json-text';

/** Lists of the API have pages; this is the number of entries that are read at most. */
const maxListed = 10_000;

/** JetStream's API: requests with JSON, in which an error is an answer. */
export interface Api {
	/** Start of the subjects, such as "$JS.API". */
	readonly prefix: string;
	/** Start of the subjects of keys and objects of another domain; empty for the own one. */
	readonly storePrefix: string;
	readonly request: Request;
	/** Largest message that the server accepts now, in bytes. */
	readonly maxPayload: number;
	/**
	 * `name`: "STREAM.INFO.ORDERS". Throws a FailureError: `no-jetstream`, `not-found`, `jetstream-refused` and those of
	 * `Request`.
	 */
	call(name: string, body?: JsonInput | { source: string }): Promise<JsonRecord>;
	/** All entries of a list with pages. */
	list(name: string, member: string, body?: { readonly [name: string]: JsonInput }): Promise<JsonRecord[]>;
	names(name: string, member: string): Promise<string[]>;
}

export interface ApiOptions {
	connection: Pick<Connection, 'info'>;
	request: Request;
	prefix: string;
}

export function createApi({ connection, request, prefix }: ApiOptions): Api {
	async function call(name: string, body?: JsonInput | { source: string }): Promise<JsonRecord> {
		const text = body === undefined ? '' : isSource(body) ? body.source : jsonText(body);
		const answer = await request(`${prefix}.${name}`, text).catch(withoutJetStream);
		const record = readRecord(answer.payload.toString('utf8'));
		if (!record)
			throw fail('protocol-violation', 'The answer of JetStream is not JSON.', {
				evidence: peerText(answer.payload.toString('utf8', 0, 200)),
			});
		if (record.error !== undefined) throw refusal(recordAt(record, 'error'));
		return record;
	}

	async function pages<T>(
		name: string,
		body: { readonly [name: string]: JsonInput },
		of: (page: JsonRecord) => T[],
	): Promise<T[]> {
		const all: T[] = [];
		for (;;) {
			const page = await call(name, { ...body, offset: all.length });
			const found = of(page);
			all.push(...found);
			const total = typeof page.total === 'number' ? page.total : 0;
			if (found.length === 0 || all.length >= total || all.length >= maxListed) return all;
		}
	}

	return {
		...{ prefix, request, call },
		get maxPayload() {
			return connection.info.maxPayload;
		},
		storePrefix: prefix === '$JS.API' ? '' : `${prefix}.`,
		list: (name, member, body = {}) => pages(name, body, (page) => recordsAt(page, member)),
		names: (name, member) => pages(name, {}, (page) => textsAt(page, member)),
	};
}

const isSource = (body: JsonInput | { source: string }): body is { source: string } =>
	typeof body === 'object' && 'source' in body && Object.keys(body).length === 1;

function withoutJetStream(error: unknown): never {
	if (hasCode(error, 'no-responders'))
		throw fail('no-jetstream', 'JetStream is not available to this user: nothing answers its requests.', {
			remedy: {
				text: 'Enable JetStream in the server and the account, or set domain or API prefix of the connection.',
			},
		});
	throw error;
}

/** Codes of the API for what does not exist: stream, consumer, message. */
const notFound = new Set([10059, 10014, 10037]);

function refusal(error: JsonRecord): FailureError {
	const description = typeof error.description === 'string' ? peerText(error.description) : 'without a reason';
	const evidence = `code ${error.code}, err_code ${error.err_code}`;
	if (error.err_code === 10039 || error.err_code === 10076)
		return fail('no-jetstream', `JetStream is not available to this user: ${description}.`, { evidence });
	const code = notFound.has(Number(error.err_code)) || error.code === 404 ? 'not-found' : 'jetstream-refused';
	return fail(code, `JetStream refused the request: ${description}.`, { evidence });
}

export const hasCode = (error: unknown, ...codes: string[]): boolean =>
	error instanceof FailureError && codes.includes(error.failure.code);

/** Whether the failure says that something does not exist. */
export const isNotFound = (error: unknown): boolean => hasCode(error, 'not-found');
