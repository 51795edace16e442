import { FailureError } from '../../../src/base/failure';
import type { ActRequest, ActResult, BrowseNode, BrowsePage } from '../../../src/model/contracts/browse';
import type { Graph, GraphNode } from '../../../src/model/contracts/graph';
import type { Running } from '../../../src/model/contracts/session';

const box = (name: string, more: Partial<BrowseNode> = {}): BrowseNode => ({
	id: `box:${name}`,
	kind: 'box',
	name,
	description: '12 waiting',
	properties: [{ label: 'Keepers', value: '2' }],
	expandable: false,
	target: name,
	compose: { verb: 'replace', values: { urgent: true } },
	subscription: { target: name },
	...more,
});

/** The nodes and actions of the peer behind the fake panel. */
const office = (name: string): GraphNode => ({
	node: { id: name, kind: 'office', name, description: 'sorting', expandable: true },
});

/** Offices that sort letters into boxes; "huge" has more than can be drawn. */
function fakeGraph(find: string, boxes: number): Graph {
	if (find === 'nothing') return { nodes: [], edges: [], hidden: { nodes: 0, edges: 0 } };
	const many = find === 'huge';
	const total = many ? 300 : boxes;
	const targets = Array.from({ length: total }, (_, at) =>
		box(`box-${at}`, { description: `${at * 7} waiting · a letter box` }),
	);
	return {
		nodes: [
			...[office('office'), office('returns')],
			...targets.map((node, at): GraphNode => ({ node, waiting: at * 7, parents: ['office'] })),
			{ node: box('lost', { bad: true, description: 'does not exist' }), missing: true },
			{ node: box('alone') },
		],
		edges: [
			...targets.map(({ id }, at) => ({
				from: 'office',
				to: id,
				label: at === 0 ? 'a very long rule of sorting letters' : `rule ${at}`,
			})),
			{ from: 'box:box-1', to: 'returns', label: 'dead letters', dashed: true },
			{ from: 'returns', to: 'box:box-2', label: '' },
			{ from: 'box:box-2', to: 'office', label: 'again', dashed: true },
			{ from: 'returns', to: 'box:lost', label: 'lost' },
		],
		hidden: many ? { nodes: 1204, edges: 3 } : { nodes: 0, edges: 0 },
	};
}

export function fakePeer(tell: () => void) {
	let failing = false;
	let browse = 0;
	let boxes = 3;
	let parcels: BrowseNode[] = [];
	let states: string[] = [];
	let running: Running[] = [];
	const waiting = new Map<string, (result: ActResult) => void>();

	const children = (parent: string | undefined): BrowseNode[] => {
		if (parent === undefined)
			return [
				...parcels,
				{ id: 'office', kind: 'office', name: 'Main office', description: '3 boxes', expandable: true },
				{ id: 'archive', kind: 'office', name: 'Archive', expandable: true },
				{ id: 'closed', kind: 'office', name: 'Closed office', bad: true, expandable: true },
				box('lone', { modes: ['copy'] }),
				{ id: 'empty', kind: 'office', name: 'Empty office', expandable: true },
				box('crate', { expandable: true }),
			];
		if (parent === 'office')
			return Array.from({ length: boxes }, (_, at) => box(`box-${at}`, at === 1 ? { bad: true } : {}));
		if (parent === 'archive') return Array.from({ length: 2500 }, (_, at) => box(`old-${String(at).padStart(4, '0')}`));
		if (parent === 'empty' || parent === 'box:crate') return [];
		throw new FailureError({ code: 'denied', message: 'The closed office tells nothing.', evidence: '403 Forbidden' });
	};

	return {
		get status() {
			return { browse, running, states };
		},
		async browse(parent: string | undefined, offset: number, count: number): Promise<BrowsePage> {
			if (failing) throw new FailureError({ code: 'away', message: 'The office does not answer.' });
			const all = children(parent);
			return {
				total: all.length,
				nodes: all.slice(offset, offset + count),
				...(parent === undefined ? { note: 'Without a key only open offices are listed.' } : {}),
			};
		},
		async graph(find: string): Promise<Graph> {
			if (failing) throw new FailureError({ code: 'away', message: 'The office does not answer.' });
			return fakeGraph(find, boxes);
		},
		act(request: ActRequest): Promise<ActResult> {
			if (request.action.endsWith('-all')) {
				states = request.action === 'open-all' ? ['opened'] : [];
				tell();
				return Promise.resolve({ text: 'Done.', ...(states.length > 0 && { show: { target: 'all', mode: 'copy' } }) });
			}
			if (request.values.reason === 'none')
				throw new FailureError({ code: 'bad', message: 'This is no reason.', field: 'reason' });
			if (request.values.reason === 'late')
				throw new FailureError({ code: 'closed', message: 'The office is closed.', evidence: '423 Locked' });
			if (request.values.reason === 'doubt')
				throw new FailureError({ code: 'cancelled', message: 'Nothing was done.' });
			if (request.action === 'empty')
				return Promise.resolve({
					text: 'Emptied 12 letters from box-0.',
					properties: [{ label: 'Held', value: '0' }],
				});
			if (request.action === 'accept') return Promise.resolve({ text: 'Settled 1 message: accepted.' });
			if (request.action === 'sign') return Promise.resolve({ text: 'Signed.' });
			if (request.action === 'count') throw new FailureError({ code: 'cancelled', message: 'Nothing was done.' });
			if (request.action === 'return')
				return Promise.resolve({ text: '1 of 2 returned; the other was refused.', bad: true });
			running = [...running, { id: request.id, action: request.action, text: '3 of 10 pinged', done: 0.3 }];
			tell();
			return new Promise((resolve) => waiting.set(request.id, resolve));
		},
		stop(id: string) {
			running = running.filter((one) => one.id !== id);
			tell();
			waiting.get(id)?.({ text: 'Stopped after 3 of 10.', bad: true });
		},
		control: {
			/** Adds a box to the peer and reports the change. */
			moreBoxes() {
				boxes++;
				browse++;
				tell();
			},
			/** A parcel waits for the user. */
			parcel(name: string) {
				parcels = [{ id: 'parcel', kind: 'parcel', name, description: 'is to be signed for', expandable: false }];
				browse++;
				tell();
			},
			failBrowsing(on: boolean) {
				failing = on;
				browse++;
				tell();
			},
		},
	};
}
