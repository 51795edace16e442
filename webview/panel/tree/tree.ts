import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Status } from '../../../src/model/contracts/session';
import { controls, shared } from '../../base/styles';
import { tabList } from '../../controls/tabs';
import '../pins/pinned-topics';
import type { Saved } from '../saved';
import type { PanelStore } from '../store';
import type { BrowseTree } from './browse';
import './browse';
import type { Topics } from './topics';
import './topics';

type Pane = NonNullable<Saved['tree']['pane']>;

/** The targets of the messages in the log; where the protocol can browse its peer, also the peer's nodes behind a second tab. */
@customElement('mw-tree')
export class Tree extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: flex; flex-direction: column; min-height: 0; min-width: 0; }
			[role='tablist'] { flex: none; padding: 0 6px; border-bottom: 1px solid var(--line); overflow: hidden; }
			[role='tab'] { overflow: hidden; text-overflow: ellipsis; }
			[role='tab']:last-child { flex: none; }
			mw-topics, mw-browse-tree { flex: 1 1 0; }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) status!: Status;
	@property({ attribute: false }) saved!: Saved['tree'];
	/** The pinned topics, by path. */
	@property({ attribute: false }) pins: readonly string[] = [];
	@query('mw-topics') private topics!: Topics;
	@query('mw-browse-tree') private browseTree!: BrowseTree | null;

	/** Expands the ancestors of a topic and selects it. */
	reveal(path: string): Promise<void> {
		return this.topics.reveal(path);
	}

	/** Selects a node of the browse tree and expands its ancestors. */
	async selectNode(path: string[]): Promise<void> {
		if ((this.saved.pane ?? 'browse') === 'browse') await this.browseTree?.selectNode(path);
	}

	private tabs(label: string, current: Pane) {
		const { targets } = this.store.describe.words;
		const tabs = [
			{ id: 'browse' as const, label, title: label },
			{ id: 'seen' as const, label: 'From Messages', title: `From messages: ${targets}` },
		];
		const choose = (pane: Pane) => this.store.keep({ tree: { ...this.saved, pane } });
		return tabList<Pane>('Content of the tree', tabs, current, choose);
	}

	override render() {
		const { store, status, saved, pins } = this;
		const { browse } = store.describe;
		const pane = browse ? (saved.pane ?? 'browse') : 'seen';
		const browseTree = () =>
			html`<mw-browse-tree ?hidden=${pane !== 'browse'} .store=${store} .status=${status}
				.expanded=${saved.browsed ?? []}></mw-browse-tree>`;
		return html`<mw-pinned-topics ?hidden=${pins.length === 0} .store=${store} .status=${status}
				.paths=${pins}></mw-pinned-topics>
			${browse ? this.tabs(browse.label, pane) : nothing}${browse ? browseTree() : nothing}
			<mw-topics ?hidden=${pane !== 'seen'} .store=${store} .status=${status} .saved=${saved}
				.pins=${pins}></mw-topics>`;
	}
}
