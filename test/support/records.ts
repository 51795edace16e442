import { bytesListOf, bytesOf, bytesValue } from '../../src/model/profile/bytes-value';
import type { Part, ProtocolDescription } from '../../src/protocols/description';

/** Properties of a record: its key and its attachments. */
export interface RecordMeta {
	key?: Uint8Array;
	attached?: Uint8Array[];
}

export const recordMeta = (values: Record<string, unknown>): RecordMeta => {
	const key = bytesOf(values.key as never);
	const attached = bytesListOf(values.attached as never);
	return { ...(key && { key }), ...(attached.length > 0 && { attached }) };
};

/** An invented protocol whose messages have further payloads: a key in front of the value, and attachments. */
export const records: ProtocolDescription<RecordMeta> = {
	id: 'records',
	label: 'Records',
	summary: 'Records with keys.',
	schemes: [{ scheme: 'records', defaultPort: 1, tls: false }],
	urlPlaceholder: 'records://localhost',
	words: {
		...{ target: 'topic', targets: 'topics', subscribe: 'Subscribe', unsubscribe: 'Unsubscribe' },
		...{ send: 'Publish', message: 'record', messages: 'records', empty: 'No record has arrived.' },
	},
	separator: '/',
	profile: [],
	subscription: {
		placeholder: 'topic',
		fields: [{ key: 'key', label: 'Key', type: 'bytes' }],
		check: () => undefined,
		sideEffect: 'None.',
		suggest: [],
	},
	verbs: [
		{
			id: 'publish',
			label: 'Publish',
			target: 'required',
			checkTarget: (text) => (text === '' ? 'Enter a topic.' : undefined),
			fields: [
				{ key: 'key', label: 'Key', help: 'Selects the partition.', type: 'bytes' },
				{ key: 'attached', label: 'Attached', type: 'bytes', many: true },
				{ key: 'partition', label: 'Partition', type: 'number', min: 0, max: 100, integer: true },
				{ key: 'headers', label: 'Headers', type: 'pairs' },
			],
			proves: 'Nothing.',
		},
	],
	actions: [
		{ id: 'accept', label: 'Accept', on: { messages: 'many' }, settles: true },
		{ id: 'copy', label: 'Copy', on: { messages: 'many' } },
	],
	files: {
		values: (_flags, meta) => ({ values: valuesOf(meta as RecordMeta | undefined) }),
		resend: ({ meta }) => ({ values: valuesOf(meta as RecordMeta | undefined) }),
	},
	columns: [],
	partColumn: { part: 'key', label: 'Key', title: 'Key of the record', width: 16 },
	properties: () => [],
	parts: (_flags, meta): Part[] => [
		...(meta?.key ? [{ id: 'key', label: 'Key', bytes: meta.key } satisfies Part] : []),
		...(meta?.attached ?? []).map((bytes, at) => ({ id: `attached-${at}`, label: `Attachment ${at + 1}`, bytes })),
	],
};

const valuesOf = (meta: RecordMeta | undefined) => ({
	...(meta?.key && { key: bytesValue(meta.key) }),
	...(meta?.attached && { attached: meta.attached.map(bytesValue) }),
});
