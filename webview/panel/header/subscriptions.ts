import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Status, SubscriptionState } from '../../../src/model/contracts/session';
import type { Subscription } from '../../../src/model/profile/profile';
import type { Mode } from '../../../src/protocols/description';
import { controls, shared } from '../../base/styles';
import { capital, visible } from '../../base/words';
import { icon } from '../../controls/icons';
import type { Menu, MenuItem } from '../../controls/menu';
import '../../controls/menu';
import { toolButton } from '../../controls/tool-button';
import { colorNames } from '../saved';
import type { PanelStore } from '../store';
import { edgeStyles, swatch } from './subscription-colors';
import './subscribe-form';

/** The subscriptions, one chip each, and the form of a new one. */
@customElement('mw-subscriptions')
export class Subscriptions extends LitElement {
	static override styles = [
		shared,
		controls,
		edgeStyles,
		css`
			:host { display: block; min-width: 0; }
			.chips { display: flex; flex-wrap: wrap; gap: 4px; align-items: center; max-height: 78px; overflow-y: auto; }
			.list { display: contents; }
			.chip { display: inline-flex; align-items: center; gap: 2px; max-width: 100%; height: 22px; padding: 0 1px 0 6px; border-radius: 11px;
				color: var(--vscode-badge-foreground); background: var(--vscode-badge-background); border: 1px solid var(--vscode-contrastBorder, transparent); }
			.chip.refused { color: var(--vscode-inputValidation-errorForeground, inherit); background: var(--vscode-inputValidation-errorBackground);
				border-color: var(--vscode-inputValidation-errorBorder, transparent); }
			.chip.reduced { border-color: var(--warn); }
			.chip.pending { opacity: 0.75; font-style: italic; }
			.chip button { min-width: 18px; height: 18px; padding: 0; border-radius: 9px; }
			.chip button.name { min-width: 0; height: 20px; padding: 0; border: 0; border-radius: 0; background: none;
				color: inherit; font: inherit; line-height: 20px; cursor: pointer; }
			.chip .icon { width: 12px; font-size: 12px; vertical-align: -2px; }
			.chip > .dot { margin-inline-end: 4px; }
			.chip > .icon { margin-inline-end: 3px; }
			.fresh { white-space: nowrap; font-variant-numeric: tabular-nums; opacity: 0.85; }
			.stale { opacity: 1; font-weight: 600; }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) status!: Status;
	@query('mw-menu') private menu!: Menu;
	@state() private adding = false;
	/** Drawn again while the freshness of a subscription runs. */
	@state() private now = Date.now();
	private ticker: ReturnType<typeof setInterval> | undefined;

	override connectedCallback() {
		super.connectedCallback();
		this.ticker = setInterval(() => {
			if (!document.hidden && this.status.subscriptions.some(({ freshUntil }) => freshUntil !== undefined))
				this.now = Date.now();
		}, 1000);
	}

	override disconnectedCallback() {
		super.disconnectedCallback();
		clearInterval(this.ticker);
	}

	protected override willUpdate() {
		this.now = Date.now();
	}

	private get modes(): readonly Mode[] {
		return this.store.describe.subscription?.modes ?? [];
	}

	private modeOf(id: string | undefined): Mode | undefined {
		return id === undefined ? this.modes[0] : this.modes.find((mode) => mode.id === id);
	}

	private stopWords({ mode }: Subscription): string {
		return this.modeOf(mode)?.stop ?? this.store.describe.words.unsubscribe;
	}

	private tip({ subscription, state: progress, detail, failure, holding }: SubscriptionState): string {
		const mode = this.modeOf(subscription.mode);
		const state = progress === 'pending' ? 'Waiting for the answer' : 'Active';
		const lines = failure
			? [failure.message, failure.evidence, failure.remedy?.text]
			: [mode && `${mode.label}: ${mode.sideEffect}`, [state, detail].filter(Boolean).join(': '), holding?.text];
		return lines.flatMap((line) => (line ? visible(line) : [])).join('\n');
	}

	private chip(one: SubscriptionState) {
		const { subscription, state: progress, detail, reduced, freshUntil } = one;
		const stop = this.stopWords(subscription);
		const mode = this.modes.length > 1 ? this.modeOf(subscription.mode) : undefined;
		const target = visible(subscription.target);
		const kind = progress === 'active' && reduced ? 'reduced' : progress;
		const marks = {
			refused: icon('error', 'Refused'),
			reduced: icon('warning', 'Reduced'),
			pending: nothing,
			active: nothing,
		};
		const text = { refused: 'refused', reduced: detail ?? 'reduced', pending: 'pending', active: '' }[kind];
		const label = `${stop} ${mode && !mode.stop ? `${mode.label} ` : ''}${target}`;
		return html`<span class=${`chip ${kind}`} role="listitem" title=${this.tip(one)}>
			${this.store.colors.dot(one)}${marks[kind]}${mode ? icon(mode.icon, mode.label) : nothing}<button class="name cut" aria-haspopup="menu"
				@click=${(event: Event) => this.openMenu(one, event)}>${target}</button>${text ? html`<span>&nbsp;– ${visible(text)}</span>` : nothing}
			${progress === 'active' && freshUntil !== undefined ? this.freshness(freshUntil) : nothing}
			${toolButton('close', label, () => this.store.unsubscribe(subscription), { title: stop })}</span>`;
	}

	private freshness(until: number) {
		const left = Math.ceil((until - this.now) / 1000);
		if (left <= 0) return html`<span class="fresh stale">&nbsp;· ${icon('watch')} stale</span>`;
		return html`<span class="fresh">&nbsp;· fresh for ${left < 120 ? `${left} s` : `${Math.floor(left / 60)} min`}</span>`;
	}

	private openMenu({ id, subscription, state }: SubscriptionState, event: Event) {
		const button = event.currentTarget as HTMLElement;
		const { store } = this;
		const { remote, describe } = store;
		const { target, mode } = subscription;
		const { words, pattern } = describe;
		const kind = pattern?.isPattern(target) ? 'pattern' : 'exact';
		const remember = (keep: boolean) => () => store.run(remote.keepSubscription(subscription, keep));
		const again: MenuItem = { label: 'Try Again', run: () => store.subscribe(subscription) };
		// A profile never starts a mode that removes messages.
		const keep: MenuItem = { label: 'Remember in Profile', run: remember(true) };
		const filter = () => store.filterTarget({ kind, value: target });
		const items: MenuItem[] = [
			...(state === 'refused' ? [again] : []),
			{ label: `Show Only Its ${capital(words.messages)}`, run: filter },
			...(this.modeOf(mode)?.intrusive ? [] : [keep]),
			{ label: 'Do Not Remember', run: remember(false) },
			{ label: 'Copy', run: () => store.run(remote.copy(target)) },
			...(state === 'refused' ? [] : [{ label: 'Change Color…', run: () => this.openColors(id, button) }]),
			{ label: this.stopWords(subscription), run: () => store.unsubscribe(subscription) },
		];
		void this.menu.open(items, button, () => button.focus());
	}

	private openColors(id: string, button: HTMLElement) {
		const { colors } = this.store;
		const current = colors.nameOf(id);
		const items = [...colorNames, 'none' as const].map((name): MenuItem => {
			const label = name === 'none' ? 'No Color' : capital(name);
			return {
				label: name === current ? `${label} (Current)` : label,
				icon: swatch(name),
				run: () => colors.choose(id, name),
			};
		});
		void this.menu.open(items, button, () => button.focus());
	}

	private async setAdding(adding: boolean) {
		this.adding = adding;
		if (adding) return;
		await this.updateComplete;
		this.renderRoot.querySelector<HTMLElement>('.chips > button')?.focus();
	}

	override render() {
		const { store, status, adding } = this;
		const label = store.describe.words.subscribe;
		return html`<div class="chips"><div class="list" role="list" aria-label="Subscriptions">${status.subscriptions.map((one) => this.chip(one))}</div>
				<button class="tool" ?hidden=${adding} @click=${() => this.setAdding(true)}>${icon('add')} ${label}</button></div>
			<mw-subscribe-form .store=${store} .open=${adding} .onClose=${() => this.setAdding(false)}></mw-subscribe-form>
			<mw-menu></mw-menu>`;
	}
}
