import { encode as encodeCbor } from 'cbor2';
import { wander } from '../devices/device';
import {
	notAcceptable,
	notAllowed,
	type Place,
	type Reply,
	type Resource,
	type ResourceRequest,
	text,
} from './resource';

const format = { text: 0, json: 50, mergePatch: 52, cbor: 60, senmlJson: 110, senmlCbor: 112 };
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

interface Sensor {
	name: string;
	title: string;
	unit: string;
	/** Number of the content format that is used without Accept. */
	usual: number;
	everyMs: number;
	next(): number;
}

/** Adds a value that is offered as SenML (RFC 8428), JSON, CBOR and plain text. */
function sensor(place: Place, { name, title, unit, usual, everyMs, next }: Sensor): void {
	const path = `sensors/${name}`;
	let value = next();
	const forms: Record<number, () => Uint8Array> = {
		[format.text]: () => Buffer.from(String(value)),
		[format.json]: () => json({ [name]: value, unit, at: new Date().toISOString() }),
		[format.cbor]: () => encodeCbor({ [name]: value, unit }),
		[format.senmlJson]: () => json([{ bn: 'urn:dev:greenhouse-1:', n: name, u: unit, v: value }]),
		// CBOR labels of SenML: -2 base name, 0 name, 1 unit, 2 value (RFC 8428, 6).
		[format.senmlCbor]: () =>
			encodeCbor([
				new Map<number, unknown>([
					[-2, 'urn:dev:greenhouse-1:'],
					[0, name],
					[1, unit],
					[2, value],
				]),
			]),
	};
	place.add({
		path,
		attributes: `title="${title}";rt="${name}";if="sensor";ct="${Object.keys(forms).join(' ')}"`,
		observable: true,
		answer({ method, accept }) {
			if (method !== 'GET') return notAllowed;
			const wanted = accept ?? usual;
			const form = forms[wanted];
			return form ? { code: '2.05', format: wanted, payload: form(), maxAge: 20 } : notAcceptable;
		},
	});
	place.every(everyMs, () => {
		value = next();
		place.changed(path);
	});
}

const modes = ['auto', 'eco', 'off'];

/** Adds a mode that a PUT of "eco", "mode=eco" or {"mode":"eco"} sets. */
function mode(place: Place): void {
	let now = 'auto';
	place.add({
		...{
			path: 'device/mode',
			attributes: 'title="Mode: auto, eco or off";rt="mode";if="actuator";ct="0"',
			observable: true,
		},
		answer({ method, payload }) {
			if (method === 'GET') return { code: '2.05', format: format.text, payload: Buffer.from(now), maxAge: 60 };
			if (method !== 'PUT') return notAllowed;
			const wanted =
				/^\s*(?:\{\s*"mode"\s*:\s*"|mode\s*=\s*)?([a-z]+)(?:"\s*\})?\s*$/.exec(payload.toString())?.[1] ?? '';
			if (!modes.includes(wanted)) return text('4.00', `No such mode. Choose one of ${modes.join(', ')}.`);
			now = wanted;
			place.changed('device/mode');
			return { code: '2.04' };
		},
	});
}

/** Adds a text of about 100 kB, which is sent in blocks and can be replaced. */
function manual(place: Place): void {
	const chapter = 'Open the vents above 28 °C. Water the beds below 30 % moisture. Check the pump every week.\n';
	let pages: Uint8Array = Buffer.from(
		Array.from({ length: 1000 }, (_, at) => `${String(at + 1).padStart(4, '0')} ${chapter}`).join(''),
	);
	place.add({
		...{ path: 'device/manual', attributes: `title="Manual, in blocks";rt="document";ct="0";sz=${pages.length}` },
		answer({ method, payload }) {
			if (method === 'GET') return { code: '2.05', format: format.text, payload: pages, maxAge: 3600 };
			if (method !== 'PUT') return notAllowed;
			pages = payload;
			return { code: '2.04' };
		},
	});
}

/** Adds settings: FETCH takes a list of names, PATCH and iPATCH a merge patch of one level (RFC 8132; RFC 7396). */
function config(place: Place): void {
	let values: Record<string, unknown> = { interval: 5, unit: 'Cel', name: 'greenhouse-1', alarm: { above: 35 } };
	const read = (payload: Buffer): unknown => {
		try {
			return JSON.parse(payload.toString());
		} catch {
			return undefined;
		}
	};
	const show = (value: unknown): Reply => ({ code: '2.05', format: format.json, payload: json(value) });
	place.add({
		...{ path: 'device/config', attributes: 'title="Settings";rt="config";ct="50 52"', observable: true },
		answer({ method, payload }: ResourceRequest) {
			if (method === 'GET') return show(values);
			const input = read(payload);
			const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
			if (method === 'FETCH')
				return Array.isArray(input)
					? show(Object.fromEntries(Object.entries(values).filter(([name]) => input.includes(name))))
					: text('4.00', 'A FETCH takes a JSON list of names, e.g. ["unit"].');
			if (method === 'POST' || method === 'DELETE') return notAllowed;
			if (!isObject) return text('4.22', 'A JSON object is expected.');
			const merged = method === 'PUT' ? input : { ...values, ...input };
			values = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
			place.changed('device/config');
			return { code: '2.04' };
		},
	});
}

function slow(place: Place): void {
	place.add({
		...{ path: 'slow', attributes: 'title="Answers after 3 s, in a message of its own";ct="0"', slowMs: 3000 },
		answer: ({ method }) =>
			method === 'GET' ? { code: '2.05', format: format.text, payload: Buffer.from('Well, here it is.') } : notAllowed,
	});
}

const maxNotes = 100;

/** Adds a notebook: a POST creates a note, which can be read, replaced and deleted. */
function notes(place: Place): void {
	const all = new Map<string, { payload: Uint8Array; format?: number }>();
	let number = 0;
	const note = (path: string): Resource => ({
		...{ path, attributes: 'rt="note"' },
		answer({ method, payload, format: noteFormat, ifNoneMatch }) {
			if (ifNoneMatch) return text('4.12', 'It exists.');
			if (method === 'GET') return { code: '2.05', ...all.get(path) };
			if (method === 'DELETE') {
				all.delete(path);
				place.remove(path);
				return { code: '2.02' };
			}
			if (method !== 'PUT') return notAllowed;
			all.set(path, { payload, format: noteFormat });
			return { code: '2.04' };
		},
	});
	place.add({
		...{ path: 'notes', attributes: 'title="POST a note";rt="notes";ct="50"' },
		answer({ method, payload, format: noteFormat }) {
			if (method === 'GET') return { code: '2.05', format: format.json, payload: json([...all.keys()]) };
			if (method !== 'POST') return notAllowed;
			if (all.size >= maxNotes) return text('5.03', 'The notebook is full: delete a note first.');
			const path = `notes/${++number}`;
			all.set(path, { payload, format: noteFormat });
			place.add(note(path));
			return { code: '2.01', location: path };
		},
	});
}

/** Adds the resources of a small greenhouse, which use every part of CoAP that the extension supports. */
export function furnish(place: Place): void {
	const { senmlJson, senmlCbor, json: plain } = format;
	const temp = { name: 'temp', title: 'Temperature', unit: 'Cel', next: wander(16, 31, 0.4) };
	sensor(place, { ...temp, usual: senmlJson, everyMs: 2000 });
	const humidity = { name: 'humidity', title: 'Air humidity', unit: '%RH', next: wander(45, 90, 1.2) };
	sensor(place, { ...humidity, usual: senmlCbor, everyMs: 3000 });
	const soil = { name: 'soil', title: 'Soil moisture', unit: '%', next: wander(20, 60, 1.5) };
	sensor(place, { ...soil, usual: plain, everyMs: 5000 });
	mode(place);
	manual(place);
	config(place);
	slow(place);
	notes(place);
}
