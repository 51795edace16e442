import { fail, toFailure } from '../../../base/failure';
import type { ActResult } from '../../../model/contracts/browse';
import { membersOf, parseJson } from '../../../model/json/value';
import { bytesOf } from '../../../model/profile/bytes-value';
import type { Act, Sink } from '../../adapter';
import { textValue } from '../../shared/values';
import type { Browsing } from '../browse/browse';
import { counted, messages, n, size } from '../browse/words';
import type { NatsAction } from '../describe/ids';
import { placeOf } from '../describe/place';
import type { Api } from '../jetstream/api';
import type { Consuming } from '../jetstream/consuming';
import { deleteObject, getObject, putObject, readObject } from '../jetstream/objects';
import { purposeOf } from '../jetstream/streams';
import { bigAt } from '../wire/json';
import { bucketConfig, consumerConfig, editedConfig, storeConfig, streamConfig } from './configs';
import { createKey, deleteKey, putKey } from './keys';
import { pairOfNode, streamOfNode } from './nodes';
import { purgeOf } from './purging';
import { settle } from './settling';

export interface ActionOptions {
	api: Api;
	browsing: Browsing;
	consuming: Consuming;
	sink: Sink;
	/** Largest object that is read, in bytes. */
	limit: number;
}

/** Runs the actions of `describe/actions.ts`. */
export function createActions({ api, browsing, consuming, sink, limit }: ActionOptions) {
	const settling = { request: api.request, consuming, sink };

	async function create(config: ReturnType<typeof streamConfig>): Promise<ActResult> {
		const stream = String(config.name);
		await api.call(`STREAM.CREATE.${stream}`, config);
		const { what, name } = purposeOf(stream);
		return { text: `Created the ${what} "${name}".` };
	}

	async function edit(act: Act): Promise<ActResult> {
		const stream = streamOfNode(act);
		const answer = await api.request(`${api.prefix}.STREAM.INFO.${stream}`, '');
		const parsed = parseJson(answer.payload.toString('utf8'));
		const config = 'value' in parsed ? membersOf(parsed.value)?.get('config')?.source : undefined;
		if (config === undefined) throw fail('not-found', `There is no stream "${stream}".`);
		const { source, changed } = editedConfig(config, act.values);
		if (changed.length === 0) throw fail('nothing-changed', 'All fields are empty, so nothing was changed.');
		await api.call(`STREAM.UPDATE.${stream}`, { source });
		return { text: `Changed ${changed.join(', ')} of the stream "${stream}".` };
	}

	async function createConsumer(act: Act): Promise<ActResult> {
		const stream = streamOfNode(act);
		const { name, config } = consumerConfig(act.values);
		await api.call(`CONSUMER.DURABLE.CREATE.${stream}.${name}`, { stream_name: stream, config });
		return {
			text: `Created the consumer "${name}" of the stream "${stream}".`,
			show: { target: `${stream}/${name}`, mode: 'consume' },
		};
	}

	async function purge(act: Act): Promise<ActResult> {
		const { stream, filter, keep, before } = purgeOf(act);
		const answer = await api.call(`STREAM.PURGE.${stream}`, { filter, keep, seq: before });
		return { text: `Purged ${messages(bigAt(answer, 'purged'))} from the stream "${stream}".` };
	}

	async function remove(act: Act): Promise<ActResult> {
		const stream = streamOfNode(act);
		await api.call(`STREAM.DELETE.${stream}`);
		const { what, name } = purposeOf(stream);
		return { text: `Deleted the ${what} "${name}".` };
	}

	const deleteMessage = (stream: string, sequence: bigint) =>
		api.call(`STREAM.MSG.DELETE.${stream}`, { seq: sequence });

	async function deleteStored(act: Act): Promise<ActResult> {
		let done = 0;
		let problem: string | undefined;
		for (const { flags, meta } of act.messages) {
			if (act.signal.aborted) break;
			const place = placeOf(flags, meta instanceof Uint8Array ? meta : undefined);
			if (!place || !/^\d{1,20}$/.test(place.sequence)) continue;
			try {
				await deleteMessage(place.stream, BigInt(place.sequence));
				done++;
			} catch (error) {
				problem ??= `"${place.stream}" ${place.sequence}: ${toFailure(error).message}`;
			}
			act.progress(`${n(done)} of ${n(act.messages.length)} deleted`, done / act.messages.length);
		}
		const left = act.messages.length - done;
		const text = `Deleted ${messages(done)}${left > 0 ? `; ${n(left)} not` : ''}.`;
		return { text: problem ? `${text} ${problem}` : text, ...(left > 0 && { bad: true }) };
	}

	async function readOne(act: Act): Promise<ActResult> {
		const [store, name] = pairOfNode(act, 'object');
		const object = await readObject(api, store, name);
		const payload = await getObject(api, store, object, limit, act);
		const seq = sink.message({ target: `$O.${store}.${name}`, payload, flags: 0 });
		const chunks = counted(object.chunks, 'chunk');
		const digest = object.digest === '' ? 'it has no digest to check' : 'its digest is right';
		return {
			text: `Read the object "${name}" of ${size(object.size)} in ${chunks}; ${digest}.`,
			messages: [seq],
		};
	}

	async function put(act: Act): Promise<ActResult> {
		const store = purposeOf(streamOfNode(act)).name;
		const name = textValue(act.values, 'name') ?? '';
		if (name === '') throw fail('bad-name', 'The name of the object is empty.', { field: 'name' });
		const bytes = Buffer.from(bytesOf(act.values.content) ?? []);
		const description = textValue(act.values, 'description') ?? '';
		const object = await putObject(api, store, { name, description, bytes }, act);
		return { text: `Wrote the object "${name}" of ${size(object.size)} in ${counted(object.chunks, 'chunk')}.` };
	}

	const actions: Record<NatsAction, (act: Act) => Promise<ActResult>> = {
		ack: (act) => settle(settling, 'ack', act),
		nak: (act) => settle(settling, 'nak', act),
		term: (act) => settle(settling, 'term', act),
		progress: (act) => settle(settling, 'progress', act),
		'create-stream': ({ values }) => create(streamConfig(values)),
		'create-bucket': ({ values }) => create(bucketConfig(values)),
		'create-store': ({ values }) => create(storeConfig(values)),
		'edit-stream': edit,
		purge,
		...{ 'delete-stream': remove, 'delete-bucket': remove, 'delete-store': remove },
		async 'delete-message'(act) {
			const stream = streamOfNode(act);
			const sequence = textValue(act.values, 'sequence') ?? '';
			if (!/^\d{1,20}$/.test(sequence))
				throw fail('bad-sequence', 'Enter the sequence of the message.', { field: 'sequence' });
			await deleteMessage(stream, BigInt(sequence));
			return { text: `Deleted the message ${sequence} of the stream "${stream}".` };
		},
		'delete-stored': deleteStored,
		'create-consumer': createConsumer,
		async 'delete-consumer'(act) {
			const [stream, consumer] = pairOfNode(act, 'consumer');
			await api.call(`CONSUMER.DELETE.${stream}.${consumer}`);
			return { text: `Deleted the consumer "${consumer}" of the stream "${stream}".` };
		},
		'kv-put': (act) => putKey(api, act),
		'kv-create': (act) => createKey(api, act),
		'kv-delete': (act) => deleteKey(api, act, 'DEL'),
		'kv-purge': (act) => deleteKey(api, act, 'PURGE'),
		'object-get': readOne,
		'object-put': put,
		async 'object-delete'(act) {
			const [store, name] = pairOfNode(act, 'object');
			await deleteObject(api, store, await readObject(api, store, name));
			return { text: `Deleted the object "${name}".` };
		},
	};

	return async (act: Act): Promise<ActResult> => {
		if (!Object.hasOwn(actions, act.action)) throw fail('no-action', 'This connection does not support that action.');
		try {
			return await actions[act.action as NatsAction](act);
		} finally {
			browsing.forget();
			sink.browseChanged();
		}
	};
}
