import { toFailure } from '../../../base/failure';
import type { BrowseNode, BrowsePage } from '../../../model/contracts/browse';
import { sortedByName } from '../../../model/text/natural-order';
import { type Api, hasCode } from '../jetstream/api';
import { consumerFrom } from '../jetstream/consumers';
import { objectOf, objectSubjects } from '../jetstream/objects';
import { createReadMessage } from '../jetstream/stored';
import { purposeOf, readStream, type Stream, storeStream, streamOf, subjectsOf } from '../jetstream/streams';
import type { Connection } from '../wire/connection';
import { consumerNode, keyNode, nodeName, serverNode, streamNode, subjectNode } from './nodes';
import { createUserFacts } from './user';
import { n, property, shown, size } from './words';

/** Subjects, keys and objects of one parent that are listed at most. */
const maxListed = 20_000;
/** Milliseconds for which the list of streams is used again. */
const fresh = 1000;

export interface Browsing {
	browse(parent: string | undefined, offset: number, count: number): Promise<BrowsePage>;
	targets(start: string, most: number): string[];
	/** Something was changed. */
	forget(): void;
}

const folders = [
	{ id: 'streams', kind: 'stream', name: 'Streams' },
	{ id: 'buckets', kind: 'bucket', name: 'Key-value buckets' },
	{ id: 'stores', kind: 'store', name: 'Object stores' },
] as const;

/** The tree of the peer. Only requests to JetStream's API that read; no consumer is created. */
export function createBrowsing(connection: Connection, api: Api): Browsing {
	let cached: { at: number; streams: Promise<Stream[]> } | undefined;
	const known = new Set<string>();
	const userFacts = createUserFacts(api.request);
	async function server(note?: string): Promise<BrowseNode> {
		return serverNode(connection.info, note, await userFacts());
	}

	function streams(): Promise<Stream[]> {
		const now = performance.now();
		if (cached && now - cached.at < fresh) return cached.streams;
		const reading = api
			.list('STREAM.LIST', 'streams')
			.then((all) => sortedByName(all.map(streamOf), ({ name }) => name));
		cached = { at: now, streams: reading };
		reading.then(
			(all) => {
				for (const { name, subjects } of all)
					for (const target of [name, ...subjects]) if (known.size < 10_000) known.add(target);
			},
			() => {
				cached = undefined;
			},
		);
		return reading;
	}

	async function top(): Promise<BrowsePage> {
		try {
			const all = await streams();
			const nodes: BrowseNode[] = folders.map(({ id, kind, name }) => ({
				...{ id, kind: 'folder', name, expandable: true, modes: [] },
				description: n(all.filter((one) => purposeOf(one.name).kind === kind).length),
			}));
			return { total: nodes.length + 1, nodes: [...nodes, await server()] };
		} catch (error) {
			if (!hasCode(error, 'no-jetstream', 'not-permitted')) throw error;
			const note = toFailure(error).message;
			return { total: 1, nodes: [await server(note)], note };
		}
	}

	async function ofStream(stream: string, offset: number, count: number): Promise<BrowsePage> {
		const consumers = await api.list(`CONSUMER.LIST.${stream}`, 'consumers');
		const nodes: BrowseNode[] = sortedByName(consumers.map(consumerFrom), ({ name }) => name).map(consumerNode);
		const { subjectCount } = await readStream(api, stream);
		const subjects: BrowseNode = {
			...{ id: `subjects:${stream}`, kind: 'folder', name: 'Subjects', expandable: subjectCount > 0n, modes: [] },
			description: n(subjectCount),
		};
		return { total: nodes.length + 1, nodes: [subjects, ...nodes].slice(offset, offset + count) };
	}

	async function ofSubjects(
		stream: string,
		filter: string,
		page: { offset: number; count: number },
		node: (subject: string, count: bigint) => BrowseNode,
	): Promise<BrowsePage> {
		const found = await subjectsOf(api, stream, filter, maxListed);
		const sorted = sortedByName(found, ([subject]) => subject).slice(page.offset, page.offset + page.count);
		const note = `Only the first ${n(maxListed)} are listed.`;
		return {
			total: found.length,
			nodes: sorted.map(([subject, count]) => node(subject, count)),
			...(found.length >= maxListed && { note }),
		};
	}

	async function objects(store: string, offset: number, count: number): Promise<BrowsePage> {
		const subjects = await objectSubjects(api, store, maxListed);
		const read = createReadMessage(api, await readStream(api, storeStream(store)));
		const nodes: BrowseNode[] = [];
		for (const stored of await Promise.all(
			subjects.slice(offset, offset + count).map((subject) => read({ lastOf: subject })),
		)) {
			const object = stored && objectOf(stored);
			if (!object) continue;
			const { name, isDeleted, chunks, digest, description, modified, link } = object;
			nodes.push({
				...{ id: `object:${store}/${name}`, kind: 'object', name: shown(name), expandable: false, modes: [] },
				description: isDeleted ? 'deleted' : link === '' ? size(object.size) : `link to ${shown(link)}`,
				properties: [
					...property('Store', store),
					...property('Size', `${n(object.size)} bytes`),
					...property('Chunks', n(chunks)),
					...property('Digest', digest),
					...property('Description', description),
					...property('Modified', modified),
				],
			});
		}
		return { total: subjects.length, nodes };
	}

	return {
		async browse(parent, offset, count) {
			if (parent === undefined) return top();
			const folder = folders.find(({ id }) => id === parent);
			if (folder) {
				const own = (await streams()).filter(({ name }) => purposeOf(name).kind === folder.kind);
				return { total: own.length, nodes: own.slice(offset, offset + count).map(streamNode) };
			}
			const { kind, name } = nodeName(parent, 'stream', 'subjects', 'bucket', 'store') ?? { kind: '', name: '' };
			const page = { offset, count };
			if (kind === 'stream') return ofStream(name, offset, count);
			if (kind === 'subjects')
				return ofSubjects(name, '>', page, (subject, messages) => subjectNode(name, subject, messages));
			const own = purposeOf(name).name;
			if (kind === 'bucket')
				return ofSubjects(name, `$KV.${own}.>`, page, (subject, revisions) =>
					keyNode(own, subject.slice(`$KV.${own}.`.length), revisions),
				);
			return kind === 'store' ? objects(own, offset, count) : { total: 0, nodes: [] };
		},
		targets: (start, most) => [...known].filter((target) => target.startsWith(start)).slice(0, most),
		forget() {
			cached = undefined;
		},
	};
}
