import { encode as encodeCbor } from 'cbor2';
import { wander } from '../devices/device';
import { content, notAllowed, type Place, type Reply, refusal } from './resource';

const format = { text: 0, json: 50, cbor: 60, senmlJson: 110, senmlCbor: 112 };
const prefix = 'urn:dev:greenhouse-1:';

interface Sensor {
	title: string;
	unit: string;
	/** Number of the content format that is used without Accept. */
	usual: number;
	everyMs: number;
	next(): number;
}

/** Adds a value that is offered as SenML (RFC 8428), JSON, CBOR and plain text. */
function sensor(place: Place, name: string, { title, unit, usual, everyMs, next }: Sensor): void {
	const path = `sensors/${name}`;
	let value = next();
	const forms: Record<number, () => string | Uint8Array> = {
		[format.text]: () => String(value),
		[format.json]: () => JSON.stringify({ [name]: value, unit, at: new Date().toISOString() }),
		[format.cbor]: () => encodeCbor({ [name]: value, unit }),
		[format.senmlJson]: () => JSON.stringify([{ bn: prefix, n: name, u: unit, v: value }]),
		// CBOR labels of SenML: -2 base name, 0 name, 1 unit, 2 value (RFC 8428, 6).
		[format.senmlCbor]: () => encodeCbor([new Map<number, unknown>([[-2, prefix], ...[name, unit, value].entries()])]),
	};
	place.add({
		path,
		attributes: `title="${title}";rt="${name}";if="sensor";ct="${Object.keys(forms).join(' ')}"`,
		observable: true,
		answer({ method, accept = usual }) {
			if (method !== 'GET') return notAllowed;
			const form = forms[accept];
			return form ? content(accept, form(), 20) : refusal('4.06', 'Not offered in that content format.');
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
	const path = 'device/mode';
	let current = 'auto';
	place.add({
		...{ path, attributes: 'title="Mode: auto, eco or off";rt="mode";if="actuator";ct="0"', observable: true },
		answer({ method, payload }) {
			if (method === 'GET') return content(format.text, current);
			if (method !== 'PUT') return notAllowed;
			const word = /^\s*(?:\{\s*"mode"\s*:\s*"|mode\s*=\s*)?([a-z]+)(?:"\s*\})?\s*$/.exec(payload.toString())?.[1];
			if (!word || !modes.includes(word)) return refusal('4.00', `No such mode. Choose one of ${modes.join(', ')}.`);
			current = word;
			place.changed(path);
			return { code: '2.04' };
		},
	});
}

/** Adds a text of about 100 kB, which is sent in blocks and can be replaced. */
function manual(place: Place): void {
	const chapter = 'Open the vents above 28 °C. Water the beds below 30 % moisture. Check the pump every week.\n';
	const lines = Array.from({ length: 1000 }, (_, at) => `${String(at + 1).padStart(4, '0')} ${chapter}`);
	document(
		place,
		'device/manual',
		'title="Manual, in blocks";rt="document";ct="0"',
		content(format.text, lines.join('')),
	);
}

const maxNotes = 100;

/** Adds a notebook: a POST creates a note, which can be read, replaced and deleted. */
function notes(place: Place): void {
	const paths = new Set<string>();
	let number = 0;
	place.add({
		...{ path: 'notes', attributes: 'title="POST a note";rt="notes";ct="50"' },
		answer({ method, payload, format: noteFormat }) {
			if (method === 'GET') return content(format.json, JSON.stringify([...paths]));
			if (method !== 'POST') return notAllowed;
			if (paths.size >= maxNotes) return refusal('5.03', 'The notebook is full: delete a note first.');
			const path = `notes/${++number}`;
			paths.add(path);
			document(place, path, 'rt="note"', content(noteFormat ?? format.text, payload), () => paths.delete(path));
			return { code: '2.01', options: [['Location-Path', path.split('/').map((part) => Buffer.from(part))]] };
		},
	});
}

/** Adds a document that can be read and replaced, and deleted where that is handled. */
function document(place: Place, path: string, attributes: string, current: Reply, deleted?: () => void): void {
	place.add({
		...{ path, attributes },
		answer({ method, payload, format: newFormat, ifNoneMatch }) {
			if (ifNoneMatch) return refusal('4.12', 'It exists.');
			if (method === 'GET') return current;
			if (method === 'PUT') {
				current = content(newFormat ?? format.text, payload);
				return { code: '2.04' };
			}
			if (method !== 'DELETE' || !deleted) return notAllowed;
			deleted();
			place.remove(path);
			return { code: '2.02' };
		},
	});
}

/** Adds the resources of a small greenhouse. */
export function furnish(place: Place): void {
	const [temp, humidity, soil] = [wander(16, 31, 0.4), wander(45, 90, 1.2), wander(20, 60, 1.5)];
	sensor(place, 'temp', { title: 'Temperature', unit: 'Cel', usual: format.senmlJson, everyMs: 2000, next: temp });
	sensor(place, 'humidity', {
		title: 'Air humidity',
		unit: '%RH',
		usual: format.senmlCbor,
		everyMs: 3000,
		next: humidity,
	});
	sensor(place, 'soil', { title: 'Soil moisture', unit: '%', usual: format.json, everyMs: 5000, next: soil });
	mode(place);
	manual(place);
	notes(place);
	place.add({
		...{ path: 'slow', attributes: 'title="Answers after 3 s, in a message of its own";ct="0"', slowMs: 3000 },
		answer: ({ method }) => (method === 'GET' ? content(format.text, 'Well, here it is.') : notAllowed),
	});
}
