import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { type Failure, toFailure } from '../../../src/base/failure';
import type { Graph, GraphNode } from '../../../src/model/contracts/graph';
import type { Status } from '../../../src/model/contracts/session';
import '../../base/failure-note';
import { controls, shared } from '../../base/styles';
import { count, number, visible } from '../../base/words';
import { icon } from '../../controls/icons';
import { isMenuKey, type Menu } from '../../controls/menu';
import '../../controls/menu';
import { tabList } from '../../controls/tabs';
import { toolButton } from '../../controls/tool-button';
import { nodeMenu } from '../node-menu';
import { PeerRefresh } from '../peer-refresh';
import { isOpen, type PanelStore } from '../store';
import { type Arrangement, arrange } from './arrange';
import { mermaid } from './mermaid';
import { picture, pictureStyles } from './picture';
import { table, tableStyles } from './table';

/** Time between two reads where the protocol has no interval. Milliseconds. */
const refreshEvery = 5000;
const zooms = { min: 0.1, max: 2, step: 1.2 } as const;

/** The network of the peer's objects, in place of the log. It is read again while it is visible. */
@customElement('mw-topology')
export class Topology extends LitElement {
	static override styles = [
		shared,
		controls,
		pictureStyles,
		tableStyles,
		css`
			:host { display: flex; flex-direction: column; min-width: 0; min-height: 0; }
			.bar { display: flex; flex-wrap: wrap; gap: 4px; align-items: center; padding: 4px 8px; flex: none; border-bottom: 1px solid var(--line); }
			.bar input { width: 18ch; flex: 0 1 auto; }
			h2 { margin: 0 4px; font-size: 1em; font-weight: 600; }
			[role='tablist'] { border: 0; }
			.view { flex: 1 1 0; min-height: 0; overflow: auto; position: relative; }
			.none { padding: 24px; text-align: center; line-height: 1.5; }
			.foot { flex: none; display: flex; flex-wrap: wrap; gap: 2px 14px; padding: 3px 8px; min-height: 22px; font-size: 0.92em; border-top: 1px solid var(--line); }
			.chosen-line { flex: none; display: flex; gap: 8px; align-items: center; padding: 4px 8px; border-top: 1px solid var(--line); }
			.chosen-line .words { flex: 1 1 0; min-width: 0; max-height: 5.2em; overflow: auto; line-height: 1.4; overflow-wrap: anywhere; user-select: text; }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) status!: Status;
	@state() private graph: Graph | undefined;
	@state() private failure: Failure | undefined;
	@state() private find = '';
	@state() private chosen: string | undefined;
	@state() private zoom = 1;
	@state() private form: 'picture' | 'table' = 'picture';
	@query('.view') private view!: HTMLElement;
	@query('mw-menu') private menu!: Menu;
	private arrangement: Arrangement = arrange({ nodes: [], edges: [] });
	/** Nodes and edges without their numbers: while they stay, so do the places. */
	private shape = '';
	private readonly refresh = new PeerRefresh(this, { every: refreshEvery, read: () => this.read() });

	protected override firstUpdated() {
		this.renderRoot.querySelector<HTMLElement>('.back')?.focus();
	}

	private async read(): Promise<void> {
		const { find } = this;
		try {
			this.show(await this.store.remote.graph(find));
			this.failure = undefined;
		} catch (error) {
			this.failure = toFailure(error);
		}
		// The text was changed meanwhile.
		if (find !== this.find) await this.read();
	}

	private show(graph: Graph) {
		const shape = JSON.stringify([
			graph.nodes.map(({ node }) => node.id),
			graph.edges.map(({ from, to }) => [from, to]),
		]);
		if (shape !== this.shape) this.arrangement = arrange(graph);
		this.shape = shape;
		this.graph = graph;
		if (this.chosen !== undefined && !graph.nodes.some(({ node }) => node.id === this.chosen)) this.chosen = undefined;
	}

	private readonly onFind = (event: Event) => {
		this.find = (event.target as HTMLInputElement).value.trim();
		void this.refresh.now();
	};

	private readonly back = () => this.store.closeView();

	private get chosenNode(): GraphNode | undefined {
		return this.graph?.nodes.find(({ node }) => node.id === this.chosen);
	}

	private nodeAt(event: Event): GraphNode | undefined {
		const id = (event.composedPath()[0] as Element).closest<HTMLElement>('[data-node]')?.dataset.node;
		return this.graph?.nodes.find(({ node }) => node.id === id);
	}

	private elementOf(id: string | undefined): HTMLElement | undefined {
		return [...this.renderRoot.querySelectorAll<HTMLElement>('[data-node]')].find((one) => one.dataset.node === id);
	}

	/** Selects a node here and in the browse tree. */
	private choose({ node, parents }: GraphNode) {
		this.chosen = node.id;
		if (parents) this.store.selectNode([...parents, node.id]);
	}

	private openMenu({ node }: GraphNode, at: MouseEvent | Element | null) {
		void this.menu.open(nodeMenu(this.store, node), at, () => this.elementOf(node.id)?.focus());
	}

	private readonly onClick = (event: MouseEvent) => {
		const found = this.nodeAt(event);
		if (!found) this.chosen = undefined;
		else this.choose(found);
	};

	private readonly onContextMenu = (event: MouseEvent) => {
		const found = this.nodeAt(event);
		if (!found) return;
		event.preventDefault();
		this.choose(found);
		this.openMenu(found, event);
	};

	private readonly onKey = (event: KeyboardEvent) => {
		const found = this.nodeAt(event);
		if (event.key === 'Escape' && this.chosen !== undefined) this.chosen = undefined;
		else if (found && isMenuKey(event)) this.openMenu(found, event.composedPath()[0] as Element);
		else if (found && this.form === 'picture' && event.key.startsWith('Arrow')) this.go(found, event.key);
		else return;
		event.preventDefault();
	};

	/** Moves the focus along an edge to the left or right, or within the column. */
	private go({ node }: GraphNode, key: string) {
		const { places } = this.arrangement;
		const here = places.get(node.id);
		if (!here || !this.graph) return;
		const ends = this.graph.edges.flatMap(({ from, to }) => {
			if (key === 'ArrowRight') return from === node.id ? [to] : [];
			return to === node.id ? [from] : [];
		});
		const isSideways = key === 'ArrowRight' || key === 'ArrowLeft';
		const sign = key === 'ArrowDown' || key === 'ArrowRight' ? 1 : -1;
		const candidates = isSideways
			? ends
			: [...places]
					.filter(([, one]) => one.column === here.column && Math.sign(one.y - here.y) === sign)
					.map(([id]) => id);
		const distance = (id: string) => Math.abs((places.get(id)?.y ?? 0) - here.y);
		const [next] = candidates.filter((id) => id !== node.id).sort((a, b) => distance(a) - distance(b));
		const element = this.elementOf(next);
		element?.focus();
		element?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
	}

	private readonly onWheel = (event: WheelEvent) => {
		if (!event.ctrlKey) return;
		event.preventDefault();
		this.zoomBy(event.deltaY < 0 ? zooms.step : 1 / zooms.step);
	};

	private zoomBy(factor: number) {
		this.zoom = Math.min(zooms.max, Math.max(zooms.min, this.zoom * factor));
	}

	private readonly fit = () => {
		const { width, height } = this.arrangement;
		const { clientWidth, clientHeight } = this.view;
		const zoom = Math.min(1, clientWidth / width, clientHeight / height);
		this.zoom = Math.max(zooms.min, zoom);
	};

	private readonly isRound = (kind: string): boolean => this.store.describe.browse?.kinds[kind]?.round === true;

	/** "Queue email, 2 ready, from orders (eu.#), to graves (dead letters)" */
	private readonly nameOf = ({ node }: GraphNode): string => {
		const { edges = [], nodes = [] } = this.graph ?? {};
		const names = new Map(nodes.map((one) => [one.node.id, one.node.name]));
		const end = (way: string, id: string, label: string) =>
			`${way} ${names.get(id)}${label === '' ? '' : ` (${label})`}`;
		const incoming = edges.filter(({ to }) => to === node.id).map(({ from, label }) => end('from', from, label));
		const outgoing = edges.filter(({ from }) => from === node.id).map(({ to, label }) => end('to', to, label));
		const ways = [...incoming, ...outgoing];
		const more = ways.length > 8 ? [`and ${ways.length - 8} more`] : [];
		const kind = this.store.describe.browse?.kinds[node.kind]?.label ?? '';
		return [`${kind} ${node.name}`.trim(), node.description ?? '', ...ways.slice(0, 8), ...more]
			.filter(Boolean)
			.map(visible)
			.join(', ');
	};

	private bar() {
		const { store, form, graph } = this;
		const { graph: described } = store.describe;
		const document = store.describe.actions?.find(({ id }) => id === described?.document);
		const tabs = [
			{ id: 'picture' as const, label: 'Picture' },
			{ id: 'table' as const, label: 'Table' },
		];
		const choose = (id: 'picture' | 'table') => {
			this.form = id;
		};
		const copy = () => graph && store.run(store.remote.copy(mermaid(graph, this.isRound)));
		const hasGraph = graph !== undefined && graph.nodes.length > 0;
		const zoomTools = () =>
			html`${toolButton('zoom-out', 'Zoom Out', () => this.zoomBy(1 / zooms.step), { disabled: !hasGraph })}
				${toolButton('zoom-in', 'Zoom In', () => this.zoomBy(zooms.step), { disabled: !hasGraph })}
				${toolButton('screen-full', 'Fit to View', this.fit, { disabled: !hasGraph })}`;
		return html`<div class="bar"><button class="tool back" @click=${this.back}>${icon('arrow-left')} Back to Log</button>
			<h2>${described?.label}</h2>${tabList('Form of the view', tabs, form, choose)}
			<input class="text" spellcheck="false" aria-label="Find" placeholder="Find" title="Only what matches, with its neighbours"
				.value=${this.find} @input=${this.onFind}>
			<span class="grow"></span>${form === 'picture' ? zoomTools() : nothing}
			${toolButton('refresh', 'Refresh', this.refresh.now, { disabled: !isOpen(this.status) })}
			${toolButton('copy', 'Copy as Mermaid', copy, { disabled: !hasGraph })}
			${document ? toolButton(document.icon ?? 'open-preview', document.label, () => store.act({ action: document })) : nothing}</div>`;
	}

	private content() {
		const { graph, failure } = this;
		const none = (text: string) => html`<div class="none dim">${text}</div>`;
		if (!isOpen(this.status)) return none('Connect to see what the peer has.');
		if (!graph) return failure ? nothing : none('Loading…');
		if (graph.nodes.length === 0) return none(this.find === '' ? 'There is nothing to draw.' : 'Nothing matches.');
		const kinds = this.store.describe.browse?.kinds ?? {};
		if (this.form === 'table') return table(graph, kinds);
		return picture({
			...{ graph, kinds, arrangement: this.arrangement, zoom: this.zoom, chosen: this.chosen },
			reached: this.chosen ?? graph.nodes[0]?.node.id,
			isRound: this.isRound,
			describe: this.nameOf,
		});
	}

	private chosenLine({ node }: GraphNode) {
		const properties = (node.properties ?? []).map(({ label, value }) => `${label}: ${value}`).join(' · ');
		const open = (event: Event) => this.openMenu({ node }, event.currentTarget as Element);
		return html`<div class="chosen-line"><span class="words" role="status"><b>${visible(node.name)}</b>
				<span class="dim">${visible([node.description, properties].filter(Boolean).join(' · '))}</span></span>
			<button class="tool" aria-haspopup="menu" @click=${open}>${icon('ellipsis')} Actions</button></div>`;
	}

	private foot(graph: Graph) {
		const { nodes, edges } = graph.hidden;
		const hidden = [nodes > 0 && count(nodes, 'object', 'objects'), edges > 0 && count(edges, 'line', 'lines')];
		const missing = hidden.filter((part) => part).join(' and ');
		return html`<div class="foot dim"><span>${number(graph.nodes.length)} objects, ${count(graph.edges.length, 'line', 'lines')}</span>
			${missing ? html`<span class="warn">${missing} not drawn: use Find to narrow the picture.</span>` : nothing}
			${graph.note ? html`<span>${visible(graph.note)}</span>` : nothing}
			<span>${this.store.describe.graph?.legend}</span></div>`;
	}

	override render() {
		const { failure, graph, chosenNode } = this;
		const note = () => html`<mw-failure-note .failure=${failure}></mw-failure-note>`;
		return html`${this.bar()}${failure && isOpen(this.status) ? note() : nothing}
			<div class="view" tabindex="-1" @click=${this.onClick} @contextmenu=${this.onContextMenu} @keydown=${this.onKey}
				@wheel=${this.onWheel}>${this.content()}</div>
			${chosenNode ? this.chosenLine(chosenNode) : nothing}
			${graph && isOpen(this.status) ? this.foot(graph) : nothing}
			<mw-menu></mw-menu>`;
	}
}
