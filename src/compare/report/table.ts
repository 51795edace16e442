import { type GuaranteeTopic, guaranteeTopics } from '../../protocols/comparison';
import { describe } from '../../protocols/descriptions';
import { bytesOf, over, type Spread } from './stats';
import type { Bytes, Cell, IdleBytes, Report, Run } from './types';
import { bytes, losses, milliseconds, whole } from './words';

/** A table as texts, for every form of the report. */
export interface Table {
	head: string[];
	rows: string[][];
}

const none = '–';

/** "0.31 ms (0.29–0.36)"; the range only where it shows. */
function withRange(spread: Spread | undefined): string {
	if (!spread) return none;
	const { median, low, high } = spread;
	const text = milliseconds(median);
	const range = [milliseconds(low), milliseconds(high)];
	return range[0] === range[1] ? text : `${text} (${range[0]?.replace(' ms', '')}–${range[1]?.replace(' ms', '')})`;
}

const latency = (cell: Cell, figure: 'p50' | 'p99' | 'p999' | 'max') =>
	withRange(over(cell, (run: Run) => run.latency?.[figure]));

/** Sent and received: "1,064 + 4". */
const direction = ({ sent, received }: Bytes) => `${bytes(sent)} + ${bytes(received)}`;

/** The rows of one size and one guarantee, one for each subject. */
export function figures({ subjects }: Report, cells: readonly Cell[]): Table {
	return {
		head: [
			'Connection',
			'Guarantee',
			'p50',
			'p99',
			'p99.9',
			'Max',
			'Acknowledged p50',
			'Sustained',
			'Bytes per message',
			'Sender (out + in)',
			'Receiver (out + in)',
			'Lost, duplicated, reordered',
		],
		rows: cells.map((cell) => {
			const wire = bytesOf(cell);
			const rate = cell.capacity && `${cell.capacity.isLowerBound ? '≥ ' : ''}${whole(cell.capacity.rate)}/s`;
			return [
				subjects[cell.subject]?.name ?? none,
				cell.label,
				...(['p50', 'p99', 'p999', 'max'] as const).map((figure) => latency(cell, figure)),
				withRange(over(cell, (run) => run.acknowledged?.p50)),
				rate ?? none,
				wire ? bytes(wire.total) : none,
				wire ? direction(wire.sender) : none,
				wire && wire.receiver.sent + wire.receiver.received > 0 ? direction(wire.receiver) : none,
				cell.runs.length > 0 ? losses(cell) : none,
			];
		}),
	};
}

/** The cost of a connection without messages. */
export function connections({ subjects }: Report): Table {
	return {
		head: [
			'Connection',
			'Protocol',
			'Server',
			'Time to connect',
			'Round trips',
			'Bytes (out + in)',
			'Idle bytes per hour',
		],
		rows: subjects.map(({ name, label, where, facts, encrypted, connecting, idle, problem }) => [
			name,
			`${label}${encrypted ? ', encrypted' : ''}`,
			problem ?? [where, facts].filter((text) => text !== '').join('; '),
			connecting ? milliseconds(connecting.ms) : none,
			connecting ? `${connecting.roundTrips}${connecting.sockets > 1 ? ` (${connecting.sockets} sockets)` : ''}` : none,
			connecting ? direction(connecting.bytes) : none,
			connecting ? idleWords(idle) : none,
		]),
	};
}

function idleWords(idle: IdleBytes | undefined): string {
	if (!idle) return 'none (computed: the protocol has no keep-alive)';
	const { perHour, observed, what } = idle;
	if (observed === undefined) return `${direction(perHour)} (computed: ${what})`;
	return `${direction(perHour)} (observed for ${[`${whole(observed)} s`, what].filter((text) => text !== '').join(', ')})`;
}

/** What the protocols guarantee, one row per topic. */
export function guarantees({ subjects }: Report): Table {
	const protocols = [...new Set(subjects.map(({ protocol }) => protocol))].flatMap((id) => describe(id) ?? []);
	return {
		head: ['Topic', ...protocols.map(({ label }) => label)],
		rows: Object.entries(guaranteeTopics).map(([topic, label]) => [
			label,
			...protocols.map(({ comparison }) => comparison?.guarantees[topic as GuaranteeTopic] ?? none),
		]),
	};
}

/** The cells of a report by guarantee and size, in their order. */
export function groups({ cells }: Report): Cell[][] {
	const found = new Map<string, Cell[]>();
	for (const cell of cells) {
		const key = `${cell.guarantee} ${cell.size}`;
		found.set(key, [...(found.get(key) ?? []), cell]);
	}
	return [...found.values()];
}
