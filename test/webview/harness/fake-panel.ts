import { FailureError } from '../../../src/base/failure';
import type { Draft, Receipt, Row, Series, SeriesQuery, Settlement } from '../../../src/model/contracts/message';
import { flag } from '../../../src/model/contracts/message';
import type { PanelApi, PanelInit } from '../../../src/model/contracts/panel-api';
import { toBase64, toHex, toText } from '../../../src/model/contracts/payload';
import type { Security, SessionState, Status, SubscriptionState, Underway } from '../../../src/model/contracts/session';
import { fakeParts } from './fake-parts';
import { fakePeer } from './fake-peer';
import { nasty, states, subscribed } from './fake-states';
import { type Call, recorded } from './recorded';
import { Store, start } from './store';
import { timelineOf } from './timeline';
import { Topics } from './topics';

export interface Options {
	protocol: string;
	rows: number;
	topics: number;
	state: string;
	subscriptions: number;
	hostile: boolean;
	production: boolean;
	ended: boolean;
	recorded: string | undefined;
}

/** Names of the numbers in JSON. */
const numbersOf = (text: string): string[] =>
	Object.entries(JSON.parse(text) as Record<string, unknown>)
		.filter(([, value]) => typeof value === 'number')
		.map(([name]) => name)
		.reverse();

/** CBOR as the engine lays it out. */
const notation = `{
  "name": "pump",
  7: h'0102ff',
  "at": 1(1795890971.088) / 2026-11-28T18:36:11.088Z /,
  "none": undefined,
  "list": [_
    1,
    2
  ]
}`;

/** A hex dump as the engine writes it. */
function dump(bytes: Uint8Array, perLine: number): string {
	const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
	const ascii = [...bytes].map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '.'));
	const lines: string[] = [];
	for (let at = 0; at < bytes.length; at += perLine) {
		const row = Array.from({ length: perLine }, (_, by) => hex[at + by] ?? '  ');
		const halves = perLine === 16 ? [row.slice(0, 8), row.slice(8)] : [row];
		const offset = at.toString(16).padStart(perLine === 16 ? 8 : 6, '0');
		lines.push(
			`${offset}  ${halves.map((half) => half.join(' ')).join('  ')}  ${ascii.slice(at, at + perLine).join('')}`,
		);
	}
	return lines.join('\n');
}

/** A host and an engine in the page's memory. Their answers depend on the requests only. */
export function fakePanel(options: Options, changed: (status: Status) => void) {
	const store = new Store(options.rows);
	const topics = new Topics(options.topics);
	const payloads = new Map<number, Uint8Array>();
	const parts = fakeParts();
	const calls: Call[] = [];
	let state = (states[options.state] ?? states.open)?.() as SessionState;
	let revision = 0;
	let received = options.rows;
	let subscriptions: SubscriptionState[] = subscribed.slice(0, options.subscriptions);
	let repeats: Status['repeats'] = [];
	let underway: Underway[] = [];
	let recordings: Pick<Status, 'recording' | 'history'> = {};
	let finish: ((receipt: Receipt) => void) | undefined;
	const bytesOf = (seq: number) => payloads.get(seq) ?? new TextEncoder().encode(store.row(seq).preview);
	const arrive = (target: string, payload: Uint8Array, flags = 0, receipt?: Receipt): Row => {
		const text = toText(payload);
		const row = store.add({
			time: start + store.next,
			flags,
			target,
			size: payload.length,
			preview: (text ?? toHex(payload.subarray(0, 100))).slice(0, 200),
			binary: text === undefined,
			...(receipt ? { receipt } : {}),
		});
		payloads.set(row.seq, payload);
		if (target !== '') topics.add(target, row);
		return row;
	};
	if (options.hostile)
		for (const name of nasty) arrive(`${name}/${name}`, new TextEncoder().encode(`{"name":${JSON.stringify(name)}}`));
	const status = (): Status => ({
		revision,
		state,
		received,
		sent: 0,
		kept: store.next - store.first,
		notes: Math.floor(store.next / 1000) - Math.floor(store.first / 1000),
		keptBytes: (store.next - store.first) * 30,
		evicted: store.first,
		topics: topics.topics,
		unlisted: 0,
		rate: 0,
		subscriptions,
		repeats,
		underway,
		marked: store.marks(),
		...peer.status,
		...recordings,
	});
	const peer = fakePeer(() => tell());
	const tell = () => {
		revision++;
		changed(status());
	};
	const has = (seq: number) => {
		if (seq < store.first || seq >= store.next)
			throw new FailureError({ code: 'evicted', message: 'This message is no longer in the log.' });
	};
	/** Sends a request whose receipt is pending until a test answers or cancels it. */
	const ask = (draft: Draft): Promise<Receipt> => {
		const pending: Receipt = { proof: 'pending', text: 'on its way', ms: 0, stoppable: true };
		const { seq } = arrive(draft.target, draft.payload, flag.out, pending);
		underway = [{ seq, target: draft.target, text: 'block 3 of 10', done: 0.3, stoppable: true }];
		tell();
		return new Promise((resolve) => {
			finish = (receipt) => {
				underway = [];
				store.change(seq, { receipt: { ...receipt, seq } });
				tell();
				resolve({ ...receipt, seq });
			};
		});
	};
	const send = async (draft: Draft): Promise<Receipt> => {
		if (draft.target === 'slow') return ask(draft);
		const proofs = { 'nobody/here': 'unrouted', 'not/allowed': 'refused' } as const;
		const proof = proofs[draft.target as keyof typeof proofs] ?? (draft.values.qos ? 'acknowledged' : 'handed-over');
		const text = {
			unrouted: 'acknowledged in 3 ms, but there is no subscriber',
			refused: 'refused by the broker',
			acknowledged: 'acknowledged in 3 ms',
			'handed-over': 'handed to the socket',
		}[proof];
		const receipt: Receipt = {
			proof,
			text,
			ms: 3,
			...(proof === 'refused' ? { evidence: 'PUBACK 135 Not authorized' } : {}),
		};
		const row = arrive(draft.target, draft.payload, flag.out, receipt);
		tell();
		return { ...receipt, seq: row.seq };
	};
	/** One wave for each path over 20 seconds, a different one for each target; then the numbers that arrived. */
	const series = ({ target, path, after }: SeriesQuery): Series => {
		const end = { log: 1, seq: store.next };
		const points: [seq: number, time: number, value: number][] = [];
		if (!after && store.next > 100 && !payloads.has(store.next - 1)) {
			const phase = target.length + path.length * 7 + (target.charCodeAt(target.length - 1) % 10);
			for (let at = 0; at < 200; at++) {
				const value = path === 'seq' ? 1000 + at : 20 + (phase % 10) + Math.sin((phase + at) / 9) * 3;
				points.push([store.next - 200 + at, start + (at - 200) * 100, value]);
			}
		}
		for (let seq = Math.max(after?.seq ?? 0, options.rows); seq < store.next; seq++) {
			const { target: one, time } = store.row(seq);
			const text = one === target ? toText(bytesOf(seq)) : undefined;
			const value = text?.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>)[path] : undefined;
			if (typeof value === 'number') points.push([seq, time, value]);
		}
		const column = (at: 0 | 1 | 2) => points.map((point) => point[at]);
		return { seqs: column(0), times: column(1), values: column(2), end, continues: after !== undefined };
	};
	const key = `saved:${options.protocol}`;
	const api: PanelApi = {
		browse: (parent, offset, count) => peer.browse(parent, offset, count),
		graph: (find) => peer.graph(find),
		ask: async () => undefined,
		cancel: () => finish?.({ proof: 'unknown', text: 'stopped: it may or may not have arrived', ms: 10 }),
		act: (request) => peer.act(request),
		stop: (id) => peer.stop(id),
		fitting: (messages) => {
			const received = messages.filter((seq) => (store.row(seq).flags & (flag.out | flag.note)) === 0);
			return received.length === 0
				? []
				: [
						['return', received],
						['open', received],
						['accept', received.filter((seq) => store.row(seq).settlement?.open)],
					];
		},
		init: async (): Promise<PanelInit> => ({
			profile: {
				id: 'p1',
				name: options.hostile ? (nasty[0] ?? '') : 'Plant broker',
				protocol: options.protocol,
				url: 'mqtts://broker.example.com:8883',
				color: '#3794ff',
				...(options.production ? { production: true } : {}),
			},
			status: status(),
			saved: JSON.parse(localStorage.getItem(key) ?? 'null'),
			ended: options.ended,
			...(options.recorded && { recorded: options.recorded as 'recording' | 'history' }),
		}),
		save: async (saved) => localStorage.setItem(key, JSON.stringify(saved)),
		status,
		view: (name, filter) => {
			try {
				return store.view(name, filter);
			} catch (error) {
				throw new FailureError({ code: 'bad-filter', message: String((error as Error).message) });
			}
		},
		seqs: (name, from, count) => store.seqs(name, from, count),
		position: (name, seq) => store.position(name, seq),
		dropView: (name) => store.drop(name),
		copyMessages: async (messages) => ({ written: messages.length, removed: 0 }),
		saveMessages: async () => undefined,
		page: (name, from, count, marks) => {
			try {
				return store.marked(store.page(name, from, count), marks);
			} catch {
				throw new FailureError({ code: 'no-view', message: 'There is no view of this name.' });
			}
		},
		detail(seq) {
			has(seq);
			const row = store.row(seq);
			const payload = bytesOf(seq);
			const text = toText(payload);
			const json = text !== undefined && /^[[{]/.test(text);
			return {
				row,
				properties: [
					{ label: 'QoS', value: '1 – at least once' },
					{ label: 'trace-id', value: options.hostile ? (nasty[3] ?? '') : 'abc', group: 'User properties' },
				],
				...(seq > store.first ? { previous: seq - 1 } : {}),
				...(seq + 1 < store.next ? { next: seq + 1, latest: store.next - 1 } : {}),
				decodings: json
					? ['json', 'text', 'hex', 'base64']
					: text === undefined
						? ['hex', 'base64', 'cbor', 'msgpack']
						: ['text', 'hex', 'base64'],
				numbers: json ? numbersOf(text) : [],
				...parts.detail(seq),
			};
		},
		decode(seq, decoding, maxBytes, perLine = 16, of) {
			has(seq);
			const all = of === undefined ? bytesOf(seq) : (parts.bytes(seq, of) ?? new Uint8Array());
			const part = all.subarray(0, maxBytes);
			if (decoding === 'cbor')
				return { text: notation, shownBytes: all.length, totalBytes: all.length, language: 'diagnostic' };
			const text =
				decoding === 'hex' ? dump(part, perLine) : decoding === 'base64' ? toBase64(part) : (toText(part) ?? '');
			const whole = part.length === all.length;
			const pretty = decoding === 'json' && whole ? JSON.stringify(JSON.parse(text), null, 2) : text;
			return {
				text: pretty,
				shownBytes: part.length,
				totalBytes: all.length,
				language: decoding === 'json' || decoding === 'hex' ? decoding : 'plaintext',
			};
		},
		payload: (seq, of) => (of === undefined ? bytesOf(seq) : (parts.bytes(seq, of) ?? new Uint8Array())),
		diff: (seq, previous) => ({
			lines: [
				{ kind: 'same', text: '{' },
				{ kind: 'removed', text: `  "seq": ${previous},`, changed: [[9, 9 + `${previous}`.length]] },
				{ kind: 'added', text: `  "seq": ${seq},`, changed: [[9, 9 + `${seq}`.length]] },
				{ kind: 'added', text: '  "new": true' },
				...Array.from({ length: seq === 990 ? 20 : 0 }, (_, at) => ({
					kind: 'same' as const,
					text: `  "line": ${at},`,
				})),
				{ kind: 'same', text: '}' },
			],
		}),
		series: (query) => series(query),
		said: (messages) =>
			messages.map((seq) => {
				const text = toText(bytesOf(seq));
				if (text === undefined) return { text: store.row(seq).preview };
				return text.startsWith('<presence') ? {} : { text: text.slice(0, 4096), isCut: text.length > 4096 };
			}),
		timeline: (intervals) => timelineOf(store, intervals),
		tree: (query) => topics.tree(query),
		children: () => ({ total: 0, rows: [] }),
		complete: (text, most) => topics.complete(text, most),
		locate: (path) => topics.locate(path),
		marked: () => [],
		async subscribe(subscription) {
			const made: SubscriptionState = {
				id: JSON.stringify(subscription),
				subscription,
				state: 'active',
				detail: 'granted',
			};
			subscriptions = [...subscriptions, made];
			tell();
			return made;
		},
		async unsubscribe({ target, mode }) {
			subscriptions = subscriptions.filter(
				({ subscription: one }) => one.target !== target || (mode !== undefined && one.mode !== mode),
			);
			tell();
		},
		send,
		repeat(draft, everyMs) {
			repeats = [...repeats, { id: repeats.length + 1, target: draft.target, everyMs, count: 1 }];
			tell();
			return repeats.length;
		},
		stopRepeat(id) {
			repeats = repeats.filter((one) => one.id !== id);
			tell();
		},
		clear() {
			store.evict(store.next);
			tell();
		},
		async connect() {
			state = states.open?.() as SessionState;
			tell();
		},
		async disconnect() {
			state = { kind: 'closed' };
			tell();
		},
		editProfile: async () => {},
		openInEditor: async () => {},
		compare: async () => {},
		savePayload: async () => {},
		saveNumbers: async () => {},
		savePicture: async () => {},
		copy: async () => {},
		pickFile: async () => ({ token: 't1', name: 'photo.jpg', size: 123_456 }),
		pickBytes: async () => Uint8Array.of(0xff, 0xd8),
		sendFile: async (draft) => send(draft),
		clearRetained: async () => 3,
		keepSubscription: async () => {},
		addCheck: async () => {},
		messageFile: async () => {},
		draftFile: async () => {},
		copyDraft: async () => {},
		async draft(seq) {
			const { target } = store.row(seq);
			const payload = bytesOf(seq);
			return { verb: 'publish', target, values: parts.values(seq, target, payload), payload };
		},
		copyMessage: async () => {},
		switchProtocol: async () => {},
		remedy: async () => {},
		async recording(command) {
			const recording = {
				path: '/recordings/farm.recording.jsonl',
				since: Date.now() - 3_723_000,
				messages: 1234,
				bytes: 1_300_000,
			};
			recordings =
				command === 'start'
					? { ...recordings, recording }
					: { ...(recordings.history && { history: recordings.history }) };
			tell();
		},
	};
	return {
		api: recorded(api, calls),
		/** For tests. */
		control: {
			...peer.control,
			/** Receives the answer to the last sent message, which completes its receipt. */
			answer(text: string) {
				const request = store.next - 1;
				const row = arrive('answers', new TextEncoder().encode(text), 0x100);
				received++;
				store.change(row.seq, { answers: request, roundTrip: 42 });
				finish?.({ proof: 'answered', text: 'answered in 42 ms', ms: 42, answers: [row.seq] });
				return row.seq;
			},
			recordings(changed: Pick<Status, 'recording' | 'history'>) {
				recordings = changed;
				tell();
			},
			subscribed(changed: SubscriptionState[]) {
				subscriptions = changed;
				tell();
			},
			secured(security: Security) {
				state = { kind: 'open', since: start, security, facts: [] };
				tell();
			},
			calls,
			store,
			arrive: (target: string, text: string) => {
				received++;
				const row = arrive(target, new TextEncoder().encode(text));
				tell();
				return row.seq;
			},
			/** A record with a key and attachments; `values` as in a draft. */
			arriveRecord: (target: string, text: string, values: Record<string, unknown>, settlement?: Settlement) => {
				const { seq } = arrive(target, new TextEncoder().encode(text));
				parts.add(seq, values);
				store.change(seq, { ...parts.row(seq), ...(settlement && { settlement }) });
				tell();
				return seq;
			},
			settle(seq: number, settlement: Settlement) {
				store.change(seq, { settlement });
				tell();
			},
			arriveBytes: (target: string, bytes: number[]) => {
				const row = arrive(target, Uint8Array.from(bytes));
				tell();
				return row.seq;
			},
			grow(count: number, evict = 0) {
				received += count;
				store.grow(count);
				store.evict(evict);
				tell();
			},
			state(name: string) {
				state = (states[name] ?? states.open)?.() as SessionState;
				tell();
			},
		},
	};
}
