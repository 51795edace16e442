import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Status } from '../../../src/model/contracts/session';
import { emit } from '../../base/emit';
import { controls, shared } from '../../base/styles';
import './browse';
import type { Saved } from '../saved';
import type { Session } from '../session';
import type { Topics } from './topics';
import './topics';

type Pane = NonNullable<Saved['tree']['pane']>;

/** What the peer has, where its protocol can tell, beside the targets of the messages that were seen. Says `mw-tree-state`. */
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
	@property({ attribute: false }) session!: Session;
	@property({ attribute: false }) status!: Status;
	@property({ attribute: false }) saved!: Saved['tree'];
	@query('mw-topics') private topics!: Topics;

	/** Opens the way to a topic and selects it. */
	reveal(path: string): Promise<void> {
		return this.topics.reveal(path);
	}

	private get pane(): Pane {
		return this.session.describe.browse ? (this.saved.pane ?? 'browse') : 'seen';
	}

	private show(pane: Pane) {
		emit(this, 'mw-tree-state', { ...this.saved, pane });
	}

	private readonly onKey = (event: KeyboardEvent) => {
		if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
		this.show(this.pane === 'browse' ? 'seen' : 'browse');
		requestAnimationFrame(() => this.renderRoot.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
	};

	private tabs(label: string): TemplateResult {
		const { words } = this.session.describe;
		const tab = (pane: Pane, text: string, name: string) =>
			html`<button role="tab" aria-selected=${pane === this.pane} tabindex=${pane === this.pane ? 0 : -1} title=${name} aria-label=${name} @click=${() => this.show(pane)}>${text}</button>`;
		return html`<div role="tablist" aria-label="What the tree shows" @keydown=${this.onKey}>${tab('browse', label, label)}${tab('seen', 'Seen', `Seen ${words.targets}`)}</div>`;
	}

	override render() {
		const { session, status, saved, pane } = this;
		const { browse } = session.describe;
		return html`${browse ? this.tabs(browse.label) : nothing}
			${browse ? html`<mw-browse-tree ?hidden=${pane !== 'browse'} .session=${session} .status=${status} .expanded=${saved.browsed ?? []}></mw-browse-tree>` : nothing}
			<mw-topics ?hidden=${pane !== 'seen'} .session=${session} .status=${status} .saved=${saved}></mw-topics>`;
	}
}
