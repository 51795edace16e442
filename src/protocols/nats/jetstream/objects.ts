import { createHash, randomBytes } from 'node:crypto';
import { fail } from '../../../base/failure';
import { bigAt, type JsonRecord, readRecord, recordAt, textAt } from '../wire/json';
import { type Api, hasCode, isNotFound } from './api';
import { jsonText } from './json-text';
import { publishStored } from './publish-stored';
import { createReadMessage, type Stored } from './stored';
import { readStream, type Stream, storeStream, subjectsOf } from './streams';

/** An object of a store (ADR-20). */
export interface StoredObject {
	name: string;
	description: string;
	nuid: string;
	size: bigint;
	chunks: bigint;
	/** "SHA-256=…" in base64url. */
	digest: string;
	modified: string;
	isDeleted: boolean;
	/** The object that this one stands for: "store/name", or a store. Empty: none. */
	link: string;
}

/** Bytes of one chunk, as other clients write them where the server accepts so many. */
const usualChunk = 128 * 1024;

const urlSafe = (base64: string) => base64.replaceAll('+', '-').replaceAll('/', '_');
const metaSubject = (store: string, name: string) => `$O.${store}.M.${urlSafe(Buffer.from(name).toString('base64'))}`;
const chunkSubject = (store: string, nuid: string) => `$O.${store}.C.${nuid}`;

/** Undefined if the message does not describe an object. */
export function objectOf({ payload, time }: Pick<Stored, 'payload' | 'time'>): StoredObject | undefined {
	const record = readRecord(payload.toString('utf8'));
	if (!record || textAt(record, 'name') === '') return undefined;
	return {
		...{ name: textAt(record, 'name'), description: textAt(record, 'description'), nuid: textAt(record, 'nuid') },
		...{ size: bigAt(record, 'size'), chunks: bigAt(record, 'chunks'), digest: textAt(record, 'digest') },
		...{
			modified: time,
			isDeleted: record.deleted === true,
			link: linkOf(recordAt(recordAt(record, 'options'), 'link')),
		},
	};
}

const linkOf = (link: JsonRecord) =>
	[textAt(link, 'bucket'), textAt(link, 'name')].filter((part) => part !== '').join('/');

/** Subjects of the descriptions of a store's objects. */
export const objectSubjects = async (api: Api, store: string, most: number): Promise<string[]> =>
	(await subjectsOf(api, storeStream(store), `$O.${store}.M.>`, most)).map(([subject]) => subject).sort();

export async function readObject(api: Api, store: string, name: string): Promise<StoredObject> {
	const read = createReadMessage(api, await readStream(api, storeStream(store)));
	const subject = metaSubject(store, name);
	// Some clients write the name without its padding.
	const stored = (await read({ lastOf: subject })) ?? (await read({ lastOf: subject.replace(/=+$/, '') }));
	const object = stored && objectOf(stored);
	if (!object || object.isDeleted) throw fail('not-found', `There is no object "${name}" in "${store}".`);
	return object;
}

export interface Progress {
	signal: AbortSignal;
	progress(text: string, done?: number): void;
}

/** Reads an object chunk by chunk and checks its digest. `limit`: in bytes. */
export async function getObject(
	api: Api,
	store: string,
	object: StoredObject,
	limit: number,
	{ signal, progress }: Progress,
): Promise<Buffer> {
	if (object.link !== '')
		throw fail('is-link', `The object "${object.name}" is a link to "${object.link}", which has the content.`);
	if (object.size > BigInt(limit))
		throw fail(
			'message-too-large',
			`The object has ${object.size.toLocaleString('en')} bytes; ${limit.toLocaleString('en')} are accepted.`,
			{ remedy: { text: 'Raise "Largest message accepted" of the connection.' } },
		);
	const stream: Stream = await readStream(api, storeStream(store));
	const read = createReadMessage(api, stream);
	const subject = chunkSubject(store, object.nuid);
	const parts: Buffer[] = [];
	let size = 0;
	let next = stream.first;
	for (let chunk = 1n; chunk <= object.chunks; chunk++) {
		if (signal.aborted) throw fail('stopped', 'Reading the object was stopped.');
		const stored = await read({ from: next, subject });
		if (!stored)
			throw fail('incomplete', `The object "${object.name}" has only ${chunk - 1n} of its ${object.chunks} chunks.`);
		size += stored.payload.length;
		if (size > limit) throw fail('message-too-large', `The object "${object.name}" is larger than it claims.`);
		parts.push(stored.payload);
		next = stored.sequence + 1n;
		progress(`${chunk} of ${object.chunks} chunks`, Number(chunk) / Number(object.chunks));
	}
	const bytes = Buffer.concat(parts);
	const digest = digestOf(bytes);
	if (object.digest !== '' && object.digest.replace(/=+$/, '') !== digest.replace(/=+$/, ''))
		throw fail('wrong-digest', `The object "${object.name}" does not have the digest that its description names.`, {
			evidence: `${object.digest} expected, ${digest} found`,
		});
	return bytes;
}

const digestOf = (bytes: Buffer) => `SHA-256=${urlSafe(createHash('sha256').update(bytes).digest('base64'))}`;

/** Writes an object and removes the chunks of the one that had this name. Returns what was written. */
export async function putObject(
	api: Api,
	store: string,
	{ name, description, bytes }: { name: string; description: string; bytes: Buffer },
	{ signal, progress }: Progress,
): Promise<StoredObject> {
	const before = await readObject(api, store, name).catch((error: unknown) => {
		if (!isNotFound(error)) throw error;
	});
	const chunkSize = Math.min(usualChunk, api.maxPayload);
	const nuid = randomBytes(11).toString('hex');
	const chunks = Math.ceil(bytes.length / chunkSize);
	const object: StoredObject = {
		...{ name, description, nuid, size: BigInt(bytes.length), chunks: BigInt(chunks), digest: digestOf(bytes) },
		...{ modified: new Date().toISOString(), isDeleted: false, link: '' },
	};
	try {
		for (let chunk = 0; chunk < chunks; chunk++) {
			if (signal.aborted) throw fail('stopped', 'Writing the object was stopped; its chunks were removed.');
			const part = bytes.subarray(chunk * chunkSize, (chunk + 1) * chunkSize);
			await publishStored(api, chunkSubject(store, nuid), part);
			progress(`${chunk + 1} of ${chunks} chunks`, (chunk + 1) / chunks);
		}
		await writeMetaOf(api, store, object, chunkSize);
	} catch (error) {
		// Chunks without a description would take space that no client shows. Without an answer it may have been written.
		if (!hasCode(error, 'no-answer', 'closed')) await purge(api, store, nuid).catch(() => {});
		throw error;
	}
	if (before) await purge(api, store, before.nuid);
	return object;
}

export async function deleteObject(api: Api, store: string, object: StoredObject): Promise<void> {
	await writeMetaOf(api, store, { ...object, size: 0n, chunks: 0n, digest: '', isDeleted: true });
	await purge(api, store, object.nuid);
}

const purge = (api: Api, store: string, nuid: string) =>
	api.call(`STREAM.PURGE.${storeStream(store)}`, { filter: chunkSubject(store, nuid) });

/** Replaces the description of an object. */
async function writeMetaOf(api: Api, store: string, object: StoredObject, chunkSize = usualChunk): Promise<void> {
	const { name, description, nuid, size, chunks, digest, modified, isDeleted } = object;
	const text = jsonText({
		...{ name, bucket: store, nuid, size, mtime: modified, chunks },
		...{ description: description || undefined, digest: digest || undefined },
		options: { max_chunk_size: chunkSize },
		...(isDeleted && { deleted: true }),
	});
	await publishStored(api, metaSubject(store, name), Buffer.from(text), [['Nats-Rollup', 'sub']]);
}
